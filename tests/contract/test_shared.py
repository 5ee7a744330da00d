"""What several subgraphs define is the same text in each, and everything is described.

Federation merges inputs of one name by intersection: a copy that drifted would lose
fields without a word.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from graphql import (
    DefinitionNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
)

from helpnest.supergraph import SCHEMAS, domains

SAME = (
    InputObjectTypeDefinitionNode,
    EnumTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    UnionTypeDefinitionNode,
)
FEDERATIONS = {"_Any", "_Entity", "_Service", "_entities", "_service"}


def definitions(domain: str) -> tuple[DefinitionNode, ...]:
    return tuple(parse((SCHEMAS / f"{domain}.graphql").read_text()).definitions)


def test_shared_definitions_are_identical_in_all_subgraphs() -> None:
    written: dict[str, dict[str, str]] = defaultdict(dict)
    for domain in domains():
        for node in definitions(domain):
            shared = isinstance(node, SAME) or (
                isinstance(node, ObjectTypeDefinitionNode)
                and node.name.value == "PageInfo"
            )
            if shared and node.name.value not in FEDERATIONS:  # type: ignore[attr-defined]
                written[node.name.value][domain] = print_ast(node)  # type: ignore[attr-defined]
    different = {
        name: sorted(texts)
        for name, texts in written.items()
        if len(set(texts.values())) > 1
    }
    assert different == {}


def undescribed(node: DefinitionNode) -> Iterator[str]:
    """Name what of a definition has no description."""
    name = getattr(getattr(node, "name", None), "value", "")
    if name in FEDERATIONS:
        return
    if not getattr(node, "description", None) and not only_named(node):
        yield name
    for value in getattr(node, "values", None) or ():
        if not value.description:
            yield f"{name}.{value.name.value}"
    for field in getattr(node, "fields", None) or ():
        if field.name.value in FEDERATIONS:
            continue
        if not field.description:
            yield f"{name}.{field.name.value}"
        if isinstance(field, FieldDefinitionNode):
            for argument in field.arguments or ():
                if not argument.description:
                    yield f"{name}.{field.name.value}({argument.name.value})"


def only_named(node: object) -> bool:
    """Say whether a type is found elsewhere, where it is described too."""
    given = [
        {each.name.value: print_ast(each.value) for each in directive.arguments or ()}
        for directive in getattr(node, "directives", None) or ()
        if directive.name.value == "key"
    ]
    return bool(given) and all(each.get("resolvable") == "false" for each in given)


@pytest.mark.parametrize("domain", domains())
def test_everything_in_the_schema_is_described(domain: str) -> None:
    silent = [
        what
        for node in definitions(domain)
        if isinstance(node, (ObjectTypeDefinitionNode, *SAME))
        for what in undescribed(node)
    ]
    assert silent == []


@pytest.mark.parametrize("domain", domains())
def test_descriptions_are_sentences(domain: str) -> None:
    for node in definitions(domain):
        said = getattr(node, "description", None)
        if said:
            assert said.value[-1] in ".:)`", (domain, said.value)


@pytest.mark.parametrize("domain", domains())
def test_booleans_and_instants_are_named_for_what_they_are(domain: str) -> None:
    for node in definitions(domain):
        if not isinstance(node, ObjectTypeDefinitionNode):
            continue
        for field in node.fields or ():
            kind = print_ast(field.type).strip("!")
            if kind == "DateTime":
                name = field.name.value
                assert name == "at" or name.endswith(("At", "Until"))


@pytest.mark.parametrize("domain", domains())
def test_what_another_service_resolves_may_be_null(domain: str) -> None:
    """One service that is down costs one field, not the object around it."""
    nodes = [n for n in definitions(domain) if isinstance(n, ObjectTypeDefinitionNode)]
    stubs = {
        node.name.value
        for node in nodes
        if any(d.name.value == "key" for d in node.directives or ())
        and not any(i.name.value == "Node" for i in node.interfaces or ())
    }
    wrong = [
        f"{node.name.value}.{field.name.value}"
        for node in nodes
        for field in node.fields or ()
        if print_ast(field.type).rstrip("!") in stubs
        and print_ast(field.type).endswith("!")
    ]
    assert wrong == []
