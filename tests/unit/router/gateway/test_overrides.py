from router.gateway.overrides import CHOSEN, Planner
from router.hooks.model import context
from tests.support.planning import graph_of, operation_of, requests

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
