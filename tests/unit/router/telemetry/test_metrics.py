"""Figures count what happened, in the form that Prometheus reads."""

import json
import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from router.telemetry.exposition import exposition_of
from router.telemetry.instruments import MOST_SERIES, Counter, Histogram
from router.telemetry.metrics import PREFIX, Metrics
from router.telemetry.record import Record
from tests.support.routers import running_router

DASHBOARD = Path(__file__).parents[4] / "deploy" / "grafana" / "helpnest-router.json"


def samples(text: bytes) -> dict[str, float]:
    """Each series with its value, written ``name{label}``."""
    return {
        f"{each.name}{sorted(each.labels.values())}": each.value
        for family in text_string_to_metric_families(text.decode())
        for each in family.samples
    }


async def test_a_request_is_counted_by_status_stage_subgraph_and_code() -> None:
    async with running_router() as client:
        await client.ask("{ tickets { title } }")
        await client.ask("{ tickets { title } }")
        await client.post({"query": "{ nothing }"})
        client.subgraphs["users"].down = True
        await client.ask("query Who { tickets { assignee { name } } }")
        found = samples(exposition_of(client.app.observer.metrics)())
    assert found[f"{PREFIX}requests_total['200']"] == 3
    assert found[f"{PREFIX}requests_total['400']"] == 1
    assert found[f"{PREFIX}request_duration_seconds_count['query']"] == 3
    for stage, times in (("parse", 2), ("plan", 2), ("execute", 3), ("project", 3)):
        name = f"{PREFIX}stage_duration_seconds_count['{stage}']"
        assert (stage, found[name]) == (stage, times)
    subgraph = f"{PREFIX}subgraph_request_duration_seconds_count"
    assert found[f"{subgraph}['ok', 'tickets']"] == 3
    assert found[f"{subgraph}['failed', 'users']"] == 2  # a query is tried twice
    assert found[f"{PREFIX}errors_total['GRAPHQL_VALIDATION_FAILED']"] == 1
    assert found[f"{PREFIX}errors_total['SUBGRAPH_UNAVAILABLE']"] >= 1
    assert found[f"{PREFIX}cache_hits_total['plans']"] == 1
    assert found[f"{PREFIX}cache_misses_total['plans']"] == 2
    assert found[f"{PREFIX}cache_entries['plans']"] == 2
    assert found[f"{PREFIX}requests_in_flight[]"] == 0


def test_buckets_are_cumulated() -> None:
    histogram = Histogram("t_seconds", "T.", buckets=(0.1, 1.0))
    for seconds in (0.1, 0.5, 5.0):
        histogram.observe(seconds)
    (series,) = histogram.series.values()
    assert list(histogram.cumulated(series)) == [("0.1", 1), ("1.0", 2), ("+Inf", 3)]
    assert histogram.count == 3


def test_labels_from_outside_do_not_fill_the_memory() -> None:
    counter = Counter("errors_total", "Errors.", ("code",))
    for number in range(MOST_SERIES + 50):
        counter.add((f"CODE_{number}",))
    assert len(counter.values) == MOST_SERIES + 1
    assert counter.values["other",] == 50


def test_a_refused_request_is_in_no_cache() -> None:
    metrics = Metrics()
    metrics.count(Record(status=400), 0.1)
    assert set(metrics.cache_misses.values.values()) == {0}
    assert metrics.requests.values == {("400",): 1}


def test_the_dashboard_shows_only_figures_that_there_are() -> None:
    text = exposition_of(Metrics())().decode()
    families = list(text_string_to_metric_families(text))
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    known = {f.name + end for f in families for end in ends.get(f.type, ("",))}
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = " ".join(t["expr"] for panel in panels for t in panel["targets"])
    shown = set(re.findall(r"\b(?:helpnest|process)_\w+", asked))
    assert shown - known == set()
    forgotten = {f.name for f in families if f.name.startswith(PREFIX)}
    assert {name for name in forgotten if name not in asked} == set()
