"""The rules by which answers come together."""

from typing import Any

import pytest

from router.executor.merge import merge, rename, renamed_path
from router.plan.nodes import Rename


@pytest.mark.parametrize(
    ("known", "later", "together"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": None}, {"a": None}),
        ({"a": {"x": 1}}, {"a": None}, {"a": {"x": 1}}),
        ({"a": [1]}, {"a": None}, {"a": [1]}),
        ({"a": None}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({"a": {"x": 1}}, {"a": {"y": {"z": 2}}}, {"a": {"x": 1, "y": {"z": 2}}}),
        ({"a": [{"x": 1}, None]}, {"a": [None, {"x": 2}]}, {"a": [{"x": 1}, {"x": 2}]}),
        ({"a": [[{"x": 1}]]}, {"a": [[{"y": 2}]]}, {"a": [[{"x": 1, "y": 2}]]}),
        ({"a": {"x": 1}}, {"a": "odd"}, {"a": "odd"}),
    ],
)
def test_later_answers_add_and_correct_but_null_takes_nothing_away(
    known: dict[str, Any], later: dict[str, Any], together: dict[str, Any]
) -> None:
    merge(known, later)
    assert known == together


def test_deeper_renames_come_first_and_lists_need_no_step() -> None:
    data: dict[str, Any] = {"_0": [[{"_1": 1, "b": 2}], [{"b": 3}]]}
    rename(data, (Rename(("_0",), "_1", "a"), Rename((), "_0", "list")))
    assert data == {"list": [[{"b": 2, "a": 1}], [{"b": 3}]]}


def test_a_path_is_renamed_step_by_step() -> None:
    renames = (Rename(("_0",), "_1", "a"), Rename((), "_0", "list"))
    assert renamed_path(("_0", 3, "_1", "c"), renames) == ("list", 3, "a", "c")
    assert renamed_path(("other", "_1"), renames) == ("other", "_1")
