import gzip
from pathlib import Path

import pytest

from helpnest.replay.story import DirtyValueError, Event, Rejected
from helpnest.replay.xes import cases, count_events

EVENT = """<event>
  <string key="concept:name" value="{0}"/>
  <string key="lifecycle:transition" value="{1}"/>
  <string key="org:group" value="Org line C"/>
  <string key="org:resource" value="Minnie"/>
  <string key="impact" value="{2}"/>
  <string key="product" value="PROD97"/>
  <date key="time:timestamp" value="2006-01-11T15:49:42+01:00"/>
</event>
"""


def log(*events: tuple[str, str, str]) -> str:
    told = "".join(EVENT.format(*each) for each in events)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
<trace><string key="concept:name" value="1-1"/>
{told}</trace>
<trace><string key="concept:name" value="1-2"/>
{told}</trace></log>"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.xes"
    path.write_text(
        log(
            ("Unmatched", "Unmatched", "Low"),
            ("Queued", "Awaiting Assignment", "Low"),
            ("Accepted", "Wait - Vendor", "Major"),
        )
    )
    return path


def test_traces_become_problems_with_their_dirt_rejected(path: Path) -> None:
    first, second = cases(path)
    assert (first.key, second.key) == ("1-1", "1-2")
    assert first.opening is not None
    assert first.opening.type == "PROBLEM"
    rejected, queued, waiting = first.events
    assert rejected == Rejected(1, "the state 'Unmatched/Unmatched'")
    assert isinstance(queued, Event)
    assert isinstance(waiting, Event)
    assert queued.at.isoformat() == "2006-01-11T14:49:42+00:00"
    assert (queued.state.impact, queued.state.urgency) == ("LOW", "MEDIUM")
    assert (waiting.state.status, waiting.state.hold_reason) == ("on_hold", "VENDOR")
    assert (waiting.state.impact, waiting.state.urgency) == ("HIGH", "HIGH")
    assert [event.row for event in second.events] == [4, 5, 6]


def test_a_packed_log_reads_the_same(path: Path, tmp_path: Path) -> None:
    packed = tmp_path / "log.xes.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert list(cases(packed)) == list(cases(path))
    assert count_events(packed) == 6


def test_a_limit_cuts_a_case(path: Path) -> None:
    assert [len(case.events) for case in cases(path, 4)] == [3, 1]


def test_what_is_no_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text("number,state\n")
    with pytest.raises(DirtyValueError, match="no XML"):
        list(cases(path))
