"""What is shown to a subgraph, quickly and with care."""

from typing import Any

import pytest

from router.executor.representations import (
    compile_find,
    compile_show,
    paths_of,
    take,
)
from router.plan.nodes import Path, Representation, Taken, TypeCondition

ID = Taken("id", "id", required=True)
USER = Representation((), "User", (ID,))


def test_objects_are_found_through_lists_and_past_nulls() -> None:
    cem: dict[str, Any] = {"id": 1}
    dot: dict[str, Any] = {"id": 2}
    gathered = {"teams": [{"lead": cem}, None, {"lead": None}, {"lead": dot}]}
    found = compile_find(("teams", "@", "lead"))(gathered)
    assert found == [cem, dot]
    assert found[0] is cem


def test_a_type_condition_keeps_only_its_types() -> None:
    path: Path = ("all", "@", TypeCondition(("Cat", "Dog")), "owner")
    gathered: dict[str, Any] = {
        "all": [
            {"__typename": "Cat", "owner": {"id": 1}},
            {"__typename": "Fish", "owner": {"id": 2}},
            {"__typename": "Dog", "owner": {"id": 3}},
        ]
    }
    assert compile_find(path)(gathered) == [{"id": 1}, {"id": 3}]


@pytest.mark.parametrize(
    "gathered",
    [{}, {"users": {}}, {"users": "text"}, {"users": [1, "a", []]}, {"users": None}],
)
def test_what_is_not_as_it_should_be_is_passed_over(gathered: dict[str, Any]) -> None:
    find, show = compile_find(("users", "@")), compile_show((USER,))
    assert show(find(gathered)).sent == []


def test_a_branch_that_is_missing_does_not_hide_the_others() -> None:
    gathered: dict[str, Any] = {"users": [{"boss": {"id": 1}}, {}, {"boss": {"id": 2}}]}
    assert compile_find(("users", "@", "boss"))(gathered) == [{"id": 1}, {"id": 2}]


def test_equal_objects_are_sent_once_and_all_get_the_answer() -> None:
    objects: list[dict[str, Any]] = [{"id": "a"}, {"id": "b"}, {"id": "a"}]
    shown = compile_show((USER,))(objects)
    assert shown.sent == [
        {"__typename": "User", "id": "a"},
        {"__typename": "User", "id": "b"},
    ]
    assert shown.indexes == [0, 1, 0]
    assert all(
        kept is given for kept, given in zip(shown.objects, objects, strict=True)
    )


def test_an_object_without_its_key_is_not_sent() -> None:
    objects: list[dict[str, Any]] = [{"id": None}, {"id": "b"}, {}]
    shown = compile_show((USER,))(objects)
    assert shown.sent == [{"__typename": "User", "id": "b"}]
    assert shown.objects == [{"id": "b"}]


def test_a_required_field_may_be_null_but_not_missing() -> None:
    priced = Representation((), "Item", (ID, Taken("price", "price")))
    shown = compile_show((priced,))([{"id": 1, "price": None}, {"id": 2}])
    assert shown.sent == [{"__typename": "Item", "id": 1, "price": None}]


def test_values_that_cannot_be_compared_are_sent_all_the_same() -> None:
    shaped = Representation((), "Item", (ID, Taken("shape", "shape")))
    shown = compile_show((shaped,))(
        [{"id": 1, "shape": {"w": 1}}, {"id": 1, "shape": {"w": 1}}]
    )
    assert shown.sent == [{"__typename": "Item", "id": 1, "shape": {"w": 1}}]
    assert shown.indexes == [0, 0]


def test_each_type_is_shown_in_its_own_way() -> None:
    cat = Representation(("Cat",), "Cat", (ID,))
    dog = Representation(("Dog",), "Animal", (Taken("tag", "_0", required=True),))
    shown = compile_show((cat, dog))(
        [
            {"__typename": "Dog", "_0": "x", "id": 1},
            {"__typename": "Cat", "id": 2},
            {"__typename": "Fish", "id": 3},
        ]
    )
    assert shown.sent == [
        {"__typename": "Animal", "tag": "x"},
        {"__typename": "Cat", "id": 2},
    ]


def test_nested_fields_are_rebuilt_with_what_is_asked_and_nothing_else() -> None:
    nested = Taken("org", "org", (ID, Taken("name", "_1")), required=True)
    assert take({"org": {"id": 1, "_1": "x", "secret": 2}}, (nested,)) == {
        "org": {"id": 1, "name": "x"}
    }


def test_a_field_for_another_type_is_left_out() -> None:
    fields = (ID, Taken("lives", "lives", on=("Cat",)))
    assert take({"__typename": "Dog", "id": 1}, fields) == {"id": 1}


def test_paths_name_each_object_in_the_order_of_finding() -> None:
    gathered: dict[str, Any] = {
        "a": [[{"b": {"id": 1}}], [{"b": None}, {"b": {"id": 2}}]]
    }
    path: Path = ("a", "@", "@", "b")
    assert [where for where, _ in paths_of(gathered, path)] == [
        ("a", 0, 0, "b"),
        ("a", 1, 1, "b"),
    ]
    assert [value for _, value in paths_of(gathered, path)] == compile_find(path)(
        gathered
    )


def test_names_cannot_become_code() -> None:
    evil = "x'] or __import__('os').abort() or v0['"
    assert compile_find((evil,))({evil: {"id": 1}}) == [{"id": 1}]
    shown = compile_show(
        (Representation((), evil, (Taken(evil, evil, required=True),)),)
    )
    assert shown([{evil: 1}]).sent == [{"__typename": evil, evil: 1}]
