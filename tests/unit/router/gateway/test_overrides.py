from router.gateway.documents import Documents
from router.gateway.overrides import CHOSEN, Planner
from router.gateway.pipeline import demands_of
from router.gateway.prepared import Preparations
from router.hooks.model import context
from router.settings.model import Settings
from tests.support.planning import (
    graph_of,
    operation_of,
    requests,
    schema_of,
    supergraph_of,
)

TEXT = "{ users { phone email } }"
LABELS = ("percent(25)", "beta")


def test_a_percent_label_is_drawn_for_its_share_of_requests() -> None:
    rolls = iter([0.24, 0.25])
    planner = Planner(graph_of("overrides"), roll=lambda: next(rolls))

    assert planner.active(LABELS) == {"percent(25)"}
    assert planner.active(LABELS) == frozenset()


def test_any_other_label_is_chosen_by_a_hook() -> None:
    planner = Planner(graph_of("overrides"), roll=lambda: 1.0)
    token = context.set({CHOSEN: ["beta", "unheard of"]})
    try:
        assert planner.active(LABELS) == {"beta"}
    finally:
        context.reset(token)
    assert planner.active(LABELS) == frozenset()


def test_the_plan_follows_the_draw() -> None:
    planner = Planner(graph_of("overrides"))
    operation = operation_of("overrides", TEXT)

    assert requests(planner(operation)) == ["1 old"]
    assert requests(planner(operation, frozenset({"beta"}))) == ["1 old", "2 new"]


def test_an_operation_without_labelled_fields_draws_nothing() -> None:
    planner = Planner(graph_of("overrides"))
    other = Planner(graph_of("keys"))

    assert planner.labels_in(operation_of("overrides", TEXT)) == LABELS
    assert other.labels_in(operation_of("keys", "{ tickets { title } }")) == ()


def test_each_request_is_planned_by_its_own_draw() -> None:
    rolls = iter([0.1, 0.9, 0.1])
    settings = Settings()
    schema = schema_of("overrides")
    operations = Preparations(
        schema,
        Planner(graph_of("overrides"), roll=lambda: next(rolls)),
        demands_of(supergraph_of("overrides"), settings),
        settings=settings,
    )
    document = Documents(schema, settings).read("{ users { phone } }")

    plans = [operations.prepare(document, None).plan.plan for _ in range(3)]

    assert [requests(plan) for plan in plans] == [
        ["1 old", "2 new"],
        ["1 old"],
        ["1 old", "2 new"],
    ]
    assert plans[0] is plans[2]
