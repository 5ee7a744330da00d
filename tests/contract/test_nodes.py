"""Every object of the graph is found by its id: whoever adds a kind adds it there."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type, is_non_null_type

from helpnest.supergraph import API, SCHEMAS
from subgraphs.node.models import KINDS

SCHEMA = build_schema(API.read_text(), assume_valid=True)


def nodes() -> dict[str, GraphQLObjectType]:
    found = SCHEMA.get_type("Node")
    assert found is not None
    kinds: Any = SCHEMA.get_possible_types(found)  # type: ignore[arg-type]
    return {each.name: each for each in kinds}


def test_node_knows_every_kind_of_object_once() -> None:
    """`helpnest new-subgraph` adds its kind; one more of a domain is added by hand."""
    known = [kind.type for kind in KINDS.values()]
    assert sorted(known) == sorted(nodes())


@pytest.mark.parametrize("prefix", sorted(KINDS))
def test_what_proves_an_object_is_its_owners_and_never_null(prefix: str) -> None:
    kind = KINDS[prefix]
    field = nodes()[kind.type].fields[kind.proof]
    assert is_non_null_type(field.type)
    assert str(get_named_type(field.type)) in {"String", "Int", "DateTime"}
    assert not {
        name: argument
        for name, argument in field.args.items()
        if is_non_null_type(argument.type)
    }
    stub = (SCHEMAS / "node.graphql").read_text()
    assert f"type {kind.type} implements Node" in stub
