"""Which subgraph brought what lies at a place."""

from router.executor.owners import owners_of
from router.plan.nodes import QueryPlan, Rename
from tests.support.fetch_plans import entities, root

PLAN = QueryPlan(
    "query",
    (
        root(0, "a", "{users{id name ...F}} fragment F on User{boss{id}}"),
        root(1, "r", "{_0:user{id}}", renames=(Rename((), "_0", "me"),)),
        entities(2, "b", ("users", "@"), "name _1:tags{t}", 0,
                 renames=(Rename((), "_1", "tags"),)),
    ),
)  # fmt: skip


def test_each_place_has_its_owner_and_the_last_one_counts() -> None:
    owner = owners_of(PLAN)
    assert [
        owner(path)
        for path in (
            ("users",),
            ("users", 3, "id"),
            ("users", 3, "name"),
            ("users", 0, "boss", "id"),
            ("users", 0, "tags", 1, "t"),
            ("me", "id"),
        )
    ] == ["a", "a", "b", "a", "b", "r"]


def test_a_place_that_nobody_brings_belongs_to_who_brought_what_is_above() -> None:
    assert owners_of(PLAN)(("users", 0, "tags", 0, "missing")) == "b"
    assert owners_of(PLAN)(("nothing",)) is None
