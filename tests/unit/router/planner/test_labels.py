import pytest

from router.planner.labels import labels_in, share_of
from tests.support.planning import graph_of, operation_of


def test_labels_of_the_types_an_operation_passes_through_count() -> None:
    graph = graph_of("overrides")

    assert labels_in(graph, operation_of("overrides", "{ users { name } }")) == (
        "percent(25)",
        "beta",
    )


def test_an_operation_that_only_introspects_depends_on_no_label() -> None:
    operation = operation_of("overrides", "{ __typename }")

    assert labels_in(graph_of("overrides"), operation) == ()


@pytest.mark.parametrize(
    ("label", "share"),
    [
        ("percent(0)", 0.0),
        ("percent(100)", 1.0),
        ("percent(12.5)", 0.125),
        ("percent(x)", None),
        ("beta", None),
    ],
)
def test_a_percent_label_says_its_share(label: str, share: float | None) -> None:
    assert share_of(label) == share
