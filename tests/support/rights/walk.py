"""Asking for every field of an object: through the router, and at each subgraph."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import httpx
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
)

from helpnest.supergraph import SCHEMAS
from kit.graphql import Schema
from kit.proof import sign
from tests.support.office import Office
from tests.support.rights import rules
from tests.support.stack import SECRET

AT_ONCE: Final = 8
"""Fields in one operation: more would cost too much, by the router's estimate."""

DEEP: Final = 2
"""How far values are followed below a field: lists, what they hold, its own values."""

REFUSED: Final = {"FORBIDDEN", "UNAUTHENTICATED", "UNAUTHORIZED_FIELD_OR_TYPE"}
"""The codes of who may not; any other is a fault."""

Json = dict[str, Any]


def selection(kind: GraphQLObjectType, field: str, deep: int = DEEP) -> str | None:
    """Write a field with all that is below it; None where it needs an argument.

    Below another object only its plain values are asked: its own samples have the rest.
    """
    its = kind.fields[field]
    if any(is_required_argument(each) for each in its.args.values()):
        return None
    arguments = "(first: 3)" if "first" in its.args else ""
    inner = get_named_type(its.type)
    if is_leaf_type(inner):
        return f"{field}{arguments}"
    if not isinstance(inner, GraphQLObjectType):
        return f"{field}{arguments} {{ __typename }}"
    is_list = inner.name.endswith(("Connection", "Edge"))
    below = [
        each
        for name, value in inner.fields.items()
        if is_leaf_type(get_named_type(value.type)) or deep > 0
        if (each := selection(inner, name, deep - (0 if is_list else DEEP))) is not None
        if is_leaf_type(get_named_type(value.type)) or is_list or not is_node(inner)
    ]
    return f"{field}{arguments} {{ __typename {' '.join(below)} }}"


def is_node(kind: GraphQLObjectType) -> bool:
    """Say whether a type is an object with a global id."""
    return any(each.name == "Node" for each in kind.interfaces) or "id" in kind.fields


def chunks(fields: Iterable[str], size: int = AT_ONCE) -> Iterator[list[str]]:
    """Cut a list into parts."""
    found = list(fields)
    for start in range(0, len(found), size):
        yield found[start : start + size]


def documents(
    schema: GraphQLSchema, name: str, fields: Iterable[str], *, directly: bool
) -> Iterator[tuple[list[str], str]]:
    """Write operations that ask an object of a type for its fields, some at a time."""
    kind = schema.get_type(name)
    assert isinstance(kind, GraphQLObjectType)
    asked = {each: selection(kind, each) for each in fields if each in kind.fields}
    writable = [each for each, text in asked.items() if text is not None]
    for some in chunks(writable):
        inner = " ".join(asked[each] or "" for each in some)
        part = f"{{ __typename ... on {name} {{ {inner} }} }}"
        if directly:
            them = "_entities(representations: $them)"
            yield some, f"query ($them: [_Any!]!) {{ {them} {part} }}"
        else:
            yield some, f"query ($id: ID!) {{ node(id: $id) {part} }}"


async def through_router(
    office: Office, role: str, query: str, variables: Mapping[str, Any]
) -> httpx.Response:
    """Ask the public graph."""
    return await office.graph.post(query, variables, office.headers(role))


async def at_subgraph(
    office: Office, domain: str, role: str, query: str, variables: Mapping[str, Any]
) -> httpx.Response:
    """Ask a subgraph itself, with the router's proof, as who broke in might."""
    body = json.dumps({"query": query, "variables": dict(variables)}).encode()
    headers = {"content-type": "application/json", **office.headers(role)}
    token = headers.get("authorization", "").encode()
    name, proof = sign(SECRET.encode(), "/graphql", body, token)
    headers[name.decode()] = proof.decode()
    transport = httpx.ASGITransport(office.graph.stack.services[domain])
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
        return await http.post("/graphql", content=body, headers=headers)


def finds(schema: Schema, name: str) -> bool:
    """Say whether a subgraph finds objects of a type by their ids."""
    return name in schema.entities._known


def external(domain: str) -> Iterator[tuple[str, str]]:
    """Name the fields that a subgraph only needs, and does not answer."""
    for node in parse((SCHEMAS / f"{domain}.graphql").read_text()).definitions:
        if not isinstance(node, ObjectTypeDefinitionNode):
            continue
        for field in node.fields or ():
            if any(each.name.value == "external" for each in field.directives or ()):
                yield node.name.value, field.name.value


def is_empty(value: object) -> bool:
    """Say whether a value tells nothing: null, nothing in a list, a list without items.

    >>> is_empty({"totalCount": 0, "nodes": [], "pageInfo": {"endCursor": None}})
    True
    >>> is_empty({"nodes": [{"id": "x"}]}), is_empty("")
    (False, False)
    """
    if isinstance(value, dict):
        found: Json = value
        if "nodes" not in found:
            return False
        return not found["nodes"] and not found.get("totalCount")
    return value is None or value == []


WORDS = re.compile(
    r"(SECRET|HIDDEN)-([\w-]+?)-"
    r"(?:title|description|tag|code|notes|step|reply|note|address)"
)


def leaks(office: Office, role: str, text: str) -> Iterator[str]:
    """Name what an answer holds that this role must not see."""
    for kind, word in WORDS.findall(text):
        if word == "session":
            allowed = rules.may(office, role, "sessions:manage")
        elif kind == "HIDDEN":
            allowed = rules.works_on(role, word)
        else:
            allowed = rules.sees_ticket(role, word)
        if not allowed:
            yield f"{kind}-{word}"
    if not rules.may(office, role, "users:read"):
        mine = "kim@" if role == "bare" else "nobody's"
        yield from (
            each for each in re.findall(r"\w+@example\.com", text) if mine not in each
        )


def checked(office: Office, role: str, answer: httpx.Response, about: object) -> Any:
    """See that an answer leaks nothing and is nobody's fault; give its data."""
    found = set(leaks(office, role, answer.text))
    assert found == set(), (role, about, answer.text)
    assert answer.status_code < 500, (role, about, answer.text)
    body = answer.json()
    for error in body.get("errors") or []:
        code = error["extensions"]["code"]
        assert code in REFUSED, (role, about, error)
    return body.get("data")
