import pytest

from helpnest.errors import CannotStartError
from helpnest.scaffold.entries import (
    after_last,
    in_containers,
    in_errors_page,
    in_kinds,
)
from helpnest.scaffold.name import Domain

ASSETS = Domain("assets", "asset", "ast", 4004)


def test_a_line_stays_in_the_part_of_its_service() -> None:
    text = "  a:\n    x: 1\n\n  b:\n    x: 2\n\nend:\n"
    assert after_last(text, "a", r"    x: \d", "    y: 3") == (
        "  a:\n    x: 1\n    y: 3\n\n  b:\n    x: 2\n\nend:\n"
    )


def test_a_file_of_another_form_is_refused_rather_than_half_changed() -> None:
    with pytest.raises(CannotStartError, match="has no place for"):
        in_containers("services: {}\n", ASSETS)
    with pytest.raises(CannotStartError, match="has no section"):
        in_errors_page("# Errors\n", ASSETS)
    with pytest.raises(CannotStartError, match="has no table"):
        in_kinds("KINDS = {}\n", ASSETS)


def test_a_kind_stands_where_its_prefix_does() -> None:
    one, two = '    "abc": Kind("Abc", "x"),\n', '    "cat": Kind("Cat", "name"),\n'
    text = f"KINDS: Final = {{\n{one}{two}}}\nrest\n"
    entry = '    "ast": Kind("Asset", "name"),\n'
    assert in_kinds(text, ASSETS) == (f"KINDS: Final = {{\n{one}{entry}{two}}}\nrest\n")
