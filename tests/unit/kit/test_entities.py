from collections.abc import Mapping, Sequence
from typing import Any, Self

import pytest
import strawberry
from graphql import ExecutionResult, execute, parse
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.entities import outermost
from kit.errors import InvalidInputError
from kit.graphql import Schema

QUERY = parse(
    """
    query ($them: [_Any!]!) {
      _entities(representations: $them) { ... on Thing { id number seen } }
    }
    """
)


@strawberry.federation.type(keys=["id", "number"])
class Thing:
    id: strawberry.ID
    number: int
    seen: str

    @classmethod
    def resolve_reference(
        cls, info: strawberry.Info, id: str = "-", number: int = 0, weight: int = 0
    ) -> Self | None:
        if id == "broken":
            raise RuntimeError
        seen = f"{info.field_name} {weight}"
        return None if id == "gone" else cls(id=id, number=number, seen=seen)  # type: ignore[arg-type]


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Elsewhere:
    id: strawberry.ID


@strawberry.type
class Query:
    thing: Thing | None = None
    elsewhere: Elsewhere | None = None


schema = Schema(query=Query)


def ask(*them: object) -> ExecutionResult:
    found = execute(schema.core, QUERY, variable_values={"them": list(them)})
    assert isinstance(found, ExecutionResult)
    return found


def entities(*them: object) -> Any:
    found = ask(*them)
    assert found.errors is None
    assert found.data is not None
    return found.data["_entities"]


def test_an_entity_is_found_by_either_key_in_the_order_asked() -> None:
    assert entities(
        {"__typename": "Thing", "number": 7},
        {"__typename": "Thing", "id": "a"},
        {"__typename": "Thing", "id": "gone"},
    ) == [
        {"id": "-", "number": 7, "seen": "_entities 0"},
        {"id": "a", "number": 0, "seen": "_entities 0"},
        None,
    ]


def test_what_else_is_sent_reaches_whoever_takes_it_and_nobody_else() -> None:
    (found,) = entities({"__typename": "Thing", "id": "a", "weight": 3, "hue": "red"})
    assert found["seen"] == "_entities 3"


@pytest.mark.parametrize(
    "wrong",
    [
        1,
        "Thing",
        {},
        {"__typename": None},
        {"__typename": ["Thing"]},
        {"__typename": "Nothing", "id": "a"},
        {"__typename": "Query"},
        {"__typename": "Elsewhere", "id": "a"},
        {"__typename": "Thing"},
        {"__typename": "Thing", "id": None},
        {"__typename": "Thing", "id": 5},
        {"__typename": "Thing", "id": ["a"]},
        {"__typename": "Thing", "id": {"a": 1}},
        {"__typename": "Thing", "number": None},
    ],
)
def test_what_names_no_entity_is_its_senders_error_and_costs_itself_alone(
    wrong: object,
) -> None:
    found = ask({"__typename": "Thing", "id": "a"}, wrong)
    assert found.data is not None
    first, second = found.data["_entities"]
    assert first["id"] == "a"
    assert second is None
    (error,) = list(found.errors or ())
    assert error.path == ["_entities", 1]
    assert isinstance(error.original_error, InvalidInputError)


def test_what_breaks_in_a_domain_is_told_at_its_place() -> None:
    found = ask({"__typename": "Thing", "id": "broken"})
    assert found.data == {"_entities": [None]}
    (error,) = list(found.errors or ())
    assert isinstance(error.original_error, RuntimeError)


def test_a_representation_stays_as_it_was_sent() -> None:
    sent = {"__typename": "Thing", "id": "a"}
    entities(sent)
    assert sent == {"__typename": "Thing", "id": "a"}


def test_two_schemas_in_one_process_keep_to_their_own_entities() -> None:
    @strawberry.federation.type(keys=["id"])
    class Other:
        id: strawberry.ID

        @classmethod
        def resolve_reference(cls, id: strawberry.ID) -> Self:
            return cls(id=id)

    @strawberry.type(name="Query")
    class OtherQuery:
        other: Other | None = None

    other = Schema(query=OtherQuery)
    query = parse(
        "{ _entities(representations: "
        '[{__typename: "Other", id: "x"}]) { __typename } }'
    )
    found = execute(other.core, query)
    assert isinstance(found, ExecutionResult)
    assert found.data == {"_entities": [{"__typename": "Other"}]}
    assert entities({"__typename": "Thing", "id": "a"})[0]["id"] == "a"


def test_composite_keys_are_known_by_their_outermost_fields() -> None:
    assert outermost("a b{c d{e}} f") == ["a", "b", "f"]


@strawberry.federation.type(keys=["id"])
class Herd:
    id: strawberry.ID

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)

    @classmethod
    async def resolve_references(
        cls, info: strawberry.Info, representations: Sequence[Mapping[str, Any]]
    ) -> list[Self | None]:
        keys = [each["id"] for each in representations]
        if "broken" in keys:
            raise InvalidInputError(info.field_name)
        asked.append(keys)
        return [None if key == "gone" else cls(id=key) for key in keys]


@strawberry.type
class HerdQuery:
    herd: Herd | None = None
    thing: Thing | None = None


asked: list[list[str]] = []
herds = Schema(query=HerdQuery)
MIXED = parse(
    """
    query ($them: [_Any!]!) {
      _entities(representations: $them) { ... on Herd { id } ... on Thing { seen } }
    }
    """
)


async def mixed(*keys: str) -> ExecutionResult:
    them = [
        {"__typename": "Thing" if key == "thing" else "Herd", "id": key} for key in keys
    ]
    outcome = execute(herds.core, MIXED, variable_values={"them": them})
    found = outcome if isinstance(outcome, ExecutionResult) else await outcome
    assert isinstance(found, ExecutionResult)
    return found


async def test_a_type_that_finds_many_is_asked_once_and_each_stands_in_its_place() -> (
    None
):
    asked.clear()
    found = await mixed("a", "thing", "gone", "b")
    assert found.errors is None
    assert found.data == {
        "_entities": [{"id": "a"}, {"seen": "_entities 0"}, None, {"id": "b"}]
    }
    assert asked == [["a", "gone", "b"]]


async def test_when_many_cannot_be_found_the_others_still_are() -> None:
    found = await mixed("broken", "thing", "b")
    assert found.data == {"_entities": [None, {"seen": "_entities 0"}, None]}
    assert [error.path for error in found.errors or ()] == [
        ["_entities", 0],
        ["_entities", 2],
    ]
