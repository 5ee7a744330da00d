"""The router over two subgraphs of graphql-core, one of which reads contexts."""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from graphql import (
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from kit.tokens import TokenVerifier
from router.app import create_app
from router.app.asgi import Receive, Scope, Send
from router.settings import read_settings
from tests.support.planning import CASES, sdl_of
from tests.support.worlds.servers import MACHINERY

Json = dict[str, Any]

MORE = """
directive @context(name: String!) repeatable on OBJECT | INTERFACE | UNION
directive @fromContext(field: String) on ARGUMENT_DEFINITION
directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
"""

GOOD = {"__typename": "Good", "id": "g1"}
PEOPLE = {
    "s1": {"__typename": "Shop", "id": "s1", "tax": 7, "good": GOOD},
    "p1": {"__typename": "Person", "id": "p1", "share": 3, "good": GOOD},
    "o1": {"__typename": "Stall", "id": "o1", "good": GOOD},
}
ITEMS = {
    name: {"__typename": "Item", "id": name, "name": name.upper()}
    for name in ("i1", "i2")
}
ZONES = {"zones": [{"name": "north"}, {"name": "south"}]}
PART: Json = {
    "__typename": "Ticket",
    "id": "t3",
    "currency": None,
    "rate": 3,
    "cost": 30,
    "settings": None,
    "part": None,
    "item": ITEMS["i1"],
    "items": [ITEMS["i1"]],
    "seller": None,
    "party": None,
}
TICKETS: dict[str, Json] = {
    "t1": {
        **PART,
        "id": "t1",
        "currency": "EUR",
        "rate": 1,
        "cost": 10,
        "settings": ZONES,
        "part": PART,
        "items": [ITEMS["i1"], ITEMS["i2"]],
        "seller": PEOPLE["s1"],
        "party": PEOPLE["p1"],
    },
    "t2": {
        **PART,
        "id": "t2",
        "currency": "USD",
        "rate": 2,
        "cost": 20,
        "seller": PEOPLE["p1"],
        "party": PEOPLE["o1"],
    },
    "t3": PART,
}
LOCALES = {"t1": "de", "t2": None, "t3": "en"}


@dataclass
class Answering:
    """A subgraph that computes every field with arguments from those, and its key."""

    schema: GraphQLSchema
    resolve: Callable[[Json, GraphQLResolveInfo[Any], Json], Any]
    asked: list[Json] = field(default_factory=list[Json])

    def __post_init__(self) -> None:
        """Resolve all by one function."""

        def resolve(row: Json, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
            return self.resolve(row, info, given)

        for kind in self.schema.type_map.values():
            if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
                for each in kind.fields.values():
                    each.resolve = resolve
            if isinstance(kind, GraphQLUnionType):
                kind.resolve_type = lambda row, *_: row["__typename"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer over ASGI what is valid."""
        del scope
        request: Json = orjson.loads((await receive())["body"])
        self.asked.append(request)
        document = parse(request["query"])
        errors = validate(self.schema, document)
        assert not errors, f"{errors[0].message}\n{request['query']}"
        result = execute_sync(
            self.schema, document, {}, variable_values=request["variables"]
        )
        body = orjson.dumps(result.formatted)
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": body})


def of_a(row: Json, info: GraphQLResolveInfo[Any], given: Json) -> Any:
    """Resolve a field of the subgraph that has the prices."""
    name = info.field_name
    if name == "tickets":
        return [TICKETS["t1"], TICKETS["t2"]]
    if name == "ticket":
        return TICKETS[given["id"]]
    if name == "_entities":
        return list(given["representations"])
    if name == "maker":
        made = {"id": f"m-{given['currency']}", "name": row["id"]}
        return {"__typename": "Maker", **made, "item": ITEMS["i2"]}
    if info.parent_type.name in ("Item", "Good") and name not in ("id", "name"):
        stock = [f"stock={row['stock']}"] if name == "left" else []
        values = [f"{key}={value}" for key, value in sorted(given.items())]
        return f"{row['id']}.{name}({','.join((*values, *stock))})"
    return row[name]


def of_b(row: Json, info: GraphQLResolveInfo[Any], given: Json) -> Any:
    """Resolve a field of the other subgraph."""
    name = info.field_name
    found: Json = {
        "_entities": given.get("representations"),
        "locale": LOCALES.get(row.get("id", "")),
        "shelf": {"item": ITEMS["i2"], "number": 1},
        "box": {"item": ITEMS["i2"]},
        "stock": 5,
        "country": f"country of {row.get('id')}",
    }
    return found[name] if name in found else row[name]


def server(name: str, resolve: Callable[..., Any]) -> Answering:
    """Make a case's subgraph."""
    text = (CASES / "context" / f"{name}.graphql").read_text(encoding="utf-8")
    sdl = MACHINERY + MORE + text[text.index("\n") :]
    entities = re.findall(r"^type (\w+).*@key", sdl, re.MULTILINE)
    if "type Query" not in sdl:
        sdl += "\ntype Query { _none: String }"
    sdl += f"\nunion _Entity = {' | '.join(entities)}\nextend type Query "
    sdl += "{ _entities(representations: [_Any!]!): [_Entity]! }"
    return Answering(build_schema(demanding(sdl)), resolve)


def demanding(sdl: str) -> str:
    """Let two fields' arguments take no null, which the composer has no way to say.

    It takes every value of a context for nullable; Apollo's does not.
    """
    sdl = re.sub(r"(sure|wish)\(currency: String ", r"\1(currency: String! ", sdl)
    composed = r'((?:sure|wish): String!? @join__field\([^\]]*type: "String)"'
    return re.sub(composed, r'\1!"', sdl)


@dataclass
class Shop:
    """The router, and what its subgraphs were asked."""

    http: httpx.AsyncClient
    a: Answering
    b: Answering

    async def ask(self, query: str, token: str = "", **variables: Any) -> Json:
        """Ask, and give the answer's JSON."""
        body = {"query": query, "variables": variables}
        headers = {"authorization": f"Bearer {token}"} if token else {}
        response = await self.http.post("/graphql", json=body, headers=headers)
        found: Json = response.json()
        return found


@asynccontextmanager
async def running_shop(
    verifier: TokenVerifier | None = None,
) -> AsyncGenerator[Shop]:
    """Run the router over both subgraphs."""
    a, b = server("a", of_a), server("b", of_b)
    app = create_app(
        read_settings("", {}),
        demanding(sdl_of("context")),
        transports={"a": a, "b": b},
        verifier=verifier,
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://router") as http:
        yield Shop(http, a, b)
