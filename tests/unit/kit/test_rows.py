"""Objects that show rows."""

from typing import Any, cast

import pytest
import strawberry
from asyncpg import Record

from kit.rows import ShownRow, link, shows_rows

COLUMNS = frozenset({"id", "title", "owner_id", "note"})


@strawberry.type
class Owner:
    id: strawberry.ID


@shows_rows(COLUMNS, {"owner": link(Owner, "owner_id"), "shout": lambda _: "SHOUT"})
@strawberry.type
class Thing(ShownRow):
    __slots__ = ()

    id: strawberry.ID
    title: str
    owner: Owner | None
    shout: str

    @strawberry.field
    def note(self) -> str:
        return self.row["note"].strip()


def thing(**row: Any) -> Thing:
    return Thing.from_row(cast("Record", row))


def test_columns_are_attributes_and_the_rest_is_made() -> None:
    shown = thing(id="1", title="T", owner_id="usr_1")
    assert (shown.id, shown.title, shown.shout) == ("1", "T", "SHOUT")
    assert shown.owner == Owner(id=strawberry.ID("usr_1"))
    assert thing(owner_id=None).owner is None


def test_what_was_not_read_is_an_error_and_not_null() -> None:
    with pytest.raises(KeyError, match="title"):
        _ = thing(id="1").title


def test_what_a_class_has_of_its_own_stays() -> None:
    own: Any = vars(Thing)["note"]
    assert own(thing(note=" n ")) == "n"


def test_nothing_can_be_written_on_what_is_shown() -> None:
    with pytest.raises(AttributeError):
        thing(id="1").extra = 1  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue] - that is what is tested
