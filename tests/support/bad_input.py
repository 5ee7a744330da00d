"""Every input of a subgraph's mutations, spoiled in one place after the other.

A test gives each mutation one input that would be done. From the schema it follows
where an id, a text, an instant or a number stands in it or could stand, and what must
not be there. So a new field is tried without anybody thinking of it, and a new mutation
without an input fails the test.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from graphql import (
    GraphQLInputObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from sqlalchemy import text

from helpnest.supergraph import SCHEMAS
from kit.app import Service
from kit.database import Database

Json = dict[str, Any]


class Graph(Protocol):
    """A running subgraph, asked as somebody."""

    @property
    def service(self) -> Service:
        """What runs, its database in it."""
        ...

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, **who: Any
    ) -> Json:
        """Send an operation; give its whole answer."""
        ...


UNKNOWN: Final = "01m81agjpgfhdbdabapyn60w5g"
BAD_IDS: Final = ("", "x", "usr_\x00", "ses_" + UNKNOWN, "é" * 300, "rol_" + "z" * 26)
"""None, of no form, unstorable, of another type, too long, of no time."""

LONG: Final = "x" * 25_000
BAD_TEXTS: Final = ("bell \x07", "nul \x00", LONG)
BAD_INSTANTS: Final = ("", "now", "2026-13-45T00:00:00Z", "2026-02-30T00:00:00Z", "1")
ABSURD_INSTANTS: Final = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z")
BAD_DURATIONS: Final = ("", "soon", "P", "-", "PT" + "9" * 400 + "H")
BAD_INTEGERS: Final = (-(2**31), 2**31 - 1)

OF_ARGUMENTS: Final = {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
"""The codes with which an argument is refused before a mutation looks at it."""


@dataclass(frozen=True)
class Spoiled:
    """An input with one thing wrong: where, and what."""

    where: tuple[str, ...]
    wrong: object
    given: Json
    must: bool = True
    """It must be refused; else it may be taken, as long as nothing breaks."""


def schema_of(domain: str) -> GraphQLSchema:
    """Read a subgraph's own schema."""
    sdl = (SCHEMAS / f"{domain}.graphql").read_text()
    return build_schema(sdl, assume_valid=True, assume_valid_sdl=True)


def verbs_of(schema: GraphQLSchema) -> dict[str, GraphQLInputObjectType]:
    """Name every mutation that takes anything, with its input."""
    kind = schema.mutation_type
    found: dict[str, GraphQLInputObjectType] = {}
    for name, field in (kind.fields if kind else {}).items():
        if not field.args:
            continue
        named = get_named_type(field.args["input"].type)
        assert isinstance(named, GraphQLInputObjectType)
        found[name] = named
    return found


def spoiled(kind: GraphQLInputObjectType, given: Json) -> Iterator[Spoiled]:
    """Spoil an input in every place, one at a time."""
    yield from _inside(kind, given, (), given)


def _inside(
    kind: GraphQLInputObjectType, part: Json, where: tuple[str, ...], whole: Json
) -> Iterator[Spoiled]:
    for name, field in kind.fields.items():
        named, place = get_named_type(field.type), (*where, name)
        listed = is_list_type(get_nullable_type(field.type))
        if isinstance(named, GraphQLInputObjectType):
            if named.name.endswith(("Filter", "Comparator", "Order")):
                continue  # what finds nothing is no error
            inner = part.get(name)
            if listed and inner:
                yield from _inside(named, inner[0], (*place, "0"), whole)
            elif isinstance(inner, dict):
                yield from _inside(named, inner, place, whole)
            continue
        for wrong, must in bad_values(named.name, name):
            value = [wrong] if listed else wrong
            yield Spoiled(place, wrong, replaced(whole, place, value), must)


def bad_values(kind: str, name: str) -> Iterator[tuple[object, bool]]:
    """Say what must not stand where a scalar does, and what may."""
    known: Mapping[str, tuple[object, ...]] = {
        "ID": BAD_IDS,
        "String": BAD_TEXTS,
        "DateTime": (*BAD_INSTANTS, *ABSURD_INSTANTS),
        "Duration": BAD_DURATIONS,
    }
    yield from ((each, True) for each in known.get(kind, ()))
    if kind == "Int":
        yield from ((each, True) for each in BAD_INTEGERS if name != "expectedVersion")
        yield from ((each, False) for each in BAD_INTEGERS)


def replaced(whole: Json, where: tuple[str, ...], value: object) -> Json:
    """Copy an input, with something else in one place."""
    found = copy.deepcopy(whole)
    at: Any = found
    for step in where[:-1]:
        at = at[int(step)] if step.isdecimal() else at[step]
    at[where[-1]] = value
    return found


async def send(graph: Graph, verb: str, given: Json, who: Mapping[str, Any]) -> Json:
    """Send a mutation; give its whole answer."""
    kind = f"{verb[0].upper()}{verb[1:]}Input"
    error = "{ code path message }"
    each = f"failures {{ errors {error} }}" if verb.startswith("bulk") else ""
    document = f"""mutation ($in: {kind}!) {{
      {verb}(input: $in) {{ userErrors {error} {each} }} }}"""
    return await graph.ask(document, {"in": given}, **who)


def refusal(
    answer: Json, verb: str, case: Spoiled, *, secret: bool
) -> tuple[bool, object]:
    """Say whether a mutation was refused, and what of the answer is not as it must be.

    It names where, unless that is a secret; an argument that GraphQL itself does not
    take is in the message.
    """
    if answer.get("errors"):
        codes = {error["extensions"]["code"] for error in answer["errors"]}
        return True, answer if codes - OF_ARGUMENTS else None
    errors = errors_of(answer["data"][verb])
    if secret:
        told = any(error["path"] or not error["message"] for error in errors)
        return bool(errors), errors if told else None
    for error in errors:
        path = error["path"] or ("",)
        if path[0] != "input" or not error["message"]:
            return True, error
    if errors and case.must and not any(names(e["path"], case.where) for e in errors):
        return True, errors
    return bool(errors), None


def errors_of(payload: Json) -> list[Json]:
    """Gather what stood against all of it, or against each one of many."""
    failures: list[Json] = payload.get("failures") or []
    each: list[Json] = [error for failure in failures for error in failure["errors"]]
    return [*payload["userErrors"], *each]


def names(path: list[str], where: tuple[str, ...]) -> bool:
    """Say whether a path leads to a place, or to something that the place is in.

    >>> names(["input", "rows", "0", "key"], ("rows", "0", "key"))
    True
    >>> names(["input", "rows"], ("rows", "0", "key"))
    True
    >>> names(["input", "name"], ("rows", "0", "key"))
    False

    One of many ids is the ``id`` of the verb that is done to each.

    >>> names(["input", "id"], ("ids",))
    True
    """
    inner = ("ids",) if path[1:] == ["id"] and where == ("ids",) else tuple(path[1:])
    shorter = min(len(inner), len(where))
    return bool(inner) and inner[:shorter] == where[:shorter]


SUM: Final = """
SELECT sum(hashtextextended(to_jsonb(t)::text, 0)) FROM {table} AS t
"""


async def sums(
    database: Database, aside: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Look into a database: a sum over every row of every table, by table."""
    async with database.engine.connect() as connection:
        names = await connection.scalars(
            text(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = "
                "relnamespace WHERE nspname = 'public' AND relkind = 'r' ORDER BY 1"
            )
        )
        return {
            name: await connection.scalar(text(SUM.format(table=name)))
            for name in names.all()
            if name not in aside
        }


async def try_everything(
    graph: Graph,
    domain: str,
    inputs: Mapping[str, Json],
    who: Mapping[str, Any],
    *,
    harmless: frozenset[str] = frozenset(),
    secret: frozenset[str] = frozenset(),
    aside: frozenset[str] = frozenset(),
) -> int:
    """Spoil the input of every mutation everywhere; say how many were tried.

    Each must be refused, its place named, and nothing changed; then the input as it is
    must be done, so that it was the one wrong thing for which the others were refused.
    ``harmless`` names places as ``verb.field`` where anything may stand, ``secret``
    those of which an answer must not say that they are what is wrong, and ``aside``
    tables in which refusals are counted.
    """
    verbs = verbs_of(schema_of(domain))
    missing = sorted(set(verbs).symmetric_difference(inputs))
    assert missing == [], f"give each mutation of {domain} an input in this test"
    tried, objections = 0, list[object]()
    for verb, given in inputs.items():
        before = await sums(graph.service.database, aside)
        cases = list(spoiled(verbs[verb], given))
        for case in sorted(cases, key=lambda each: not each.must):
            place = named(verb, case)
            must = case.must and place not in harmless
            answer = await send(graph, verb, case.given, who)
            refused, objection = refusal(answer, verb, case, secret=place in secret)
            if objection or (must and not refused):
                objections.append((place, str(case.wrong)[:30], objection))
            now = await sums(graph.service.database, aside) if not refused else before
            if now != before and must:
                objections.append((place, "changed something"))
            before = now
        if await sums(graph.service.database, aside) != before:
            objections.append((verb, "a refusal changed something"))
        answer = await send(graph, verb, given, who)
        if answer.get("errors") or errors_of(answer["data"][verb]):
            objections.append((verb, "was not done as it is", answer))
        tried += len(cases)
    assert objections == [], "\n".join(map(str, objections))
    return tried


def named(verb: str, case: Spoiled) -> str:
    """Name a place, wherever in its list."""
    return ".".join((verb, *(each for each in case.where if each != "0")))
