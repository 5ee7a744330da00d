"""A plural noun → everything in a new domain that is named after it, if it is free."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphql import (
    DefinitionNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    parse,
)

from helpnest.errors import CannotStartError
from helpnest.supergraph import Subgraph, port_in, read_subgraphs

FORM: Final = re.compile(r"[a-z]{3,24}")
PREFIX_FORM: Final = re.compile(r"[a-z]{2,8}")
USED_PREFIX: Final = re.compile(r'(?:new_id\(|is_id\(id, )"([a-z]{2,8})"')
"""How a domain makes its own ids, or takes one as its own; others' go by a name."""

ROOTS: Final = {"Query", "Mutation", "Subscription"}
FOLDERS: Final = (
    "subgraphs/{}",
    "migrations/{}",
    "tests/e2e/{}",
    "tests/unit/subgraphs/{}",
    "tests/support/rights/domains/{}",
)


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain to make: ``assets`` holds an ``asset``, in the graph an ``Asset``."""

    name: str
    one: str
    prefix: str
    port: int

    @property
    def type(self) -> str:
        """Its entity's name in the graph."""
        return self.one.title()


def domain_of(
    root: Path, name: str, *, one: str | None = None, prefix: str | None = None
) -> Domain:
    """Take a name for a new domain of the checkout at ``root``.

    Raises:
        CannotStartError: it is no plural noun, or something of it is taken.

    """
    if not FORM.fullmatch(name):
        raise CannotStartError(
            f"{name!r} is no name for a domain: one plural noun in 3 to 24 small "
            "letters, such as assets."
        )
    one = singular(name) if one is None else one
    if one is None or one == name or not FORM.fullmatch(one):
        raise CannotStartError(
            f"{name!r} does not read as a plural noun. Name the domain by one, such as "
            "assets, and say what a single one is where that is not plain: "
            "--singular asset."
        )
    prefix = prefix_of(one) if prefix is None else prefix
    if not PREFIX_FORM.fullmatch(prefix):
        raise CannotStartError(
            f"{prefix!r} is no prefix for ids: 2 to 8 small letters, such as ast."
        )
    subgraphs = read_subgraphs(root / "supergraph.yaml")
    port = 1 + max((port_in(each.routing_url) for each in subgraphs), default=4000)
    domain = Domain(name, one, prefix, port)
    refuse_taken(root, subgraphs, domain)
    return domain


def refuse_taken(root: Path, subgraphs: Iterable[Subgraph], domain: Domain) -> None:
    """Refuse a domain whose name, type, root fields or prefix another one has.

    Raises:
        CannotStartError: one of them is taken; the message says by what.

    """
    subgraphs = tuple(subgraphs)
    there = [form.format(domain.name) for form in FOLDERS]
    found = [folder for folder in there if (root / folder).exists()]
    if domain.name in {each.name for each in subgraphs} or found:
        place = found[0] if found else "supergraph.yaml"
        raise CannotStartError(f"There is a domain {domain.name!r} already: {place}.")
    for each in subgraphs:
        for what in names_in(parse(each.schema.read_text()).definitions):
            if what in {domain.type, f"Query.{domain.one}"}:
                raise CannotStartError(
                    f"{what} is the domain {each.name!r}'s already. Name this one "
                    "after something of its own."
                )
    for path in sorted((root / "subgraphs").rglob("*.py")):
        if domain.prefix in USED_PREFIX.findall(path.read_text()):
            raise CannotStartError(
                f"Ids that begin with '{domain.prefix}_' are in use, in "
                f"{path.relative_to(root)}. Choose others: --prefix."
            )


def names_in(definitions: Iterable[DefinitionNode]) -> Iterator[str]:
    """Name the types that a subgraph owns, and its root fields as ``Query.field``.

    An entity that is no Node is a stub: it names another domain's.
    """
    for node in definitions:
        if not isinstance(node, TypeDefinitionNode):
            continue
        name = node.name.value
        if not isinstance(node, ObjectTypeDefinitionNode):
            yield name
        elif name in ROOTS:
            yield from (f"{name}.{field.name.value}" for field in node.fields or ())
        else:
            keyed = any(each.name.value == "key" for each in node.directives or ())
            is_node = any(each.name.value == "Node" for each in node.interfaces or ())
            if is_node or not keyed:
                yield name


def singular(plural: str) -> str | None:
    """Say what a single one is called, or None where the word is no plain plural.

    >>> [singular(each) for each in ("assets", "policies", "boxes", "notices", "class")]
    ['asset', 'policy', 'box', 'notice', None]
    """
    if plural.endswith("ies"):
        return plural[:-3] + "y"
    if re.search(r"(s|x|z|ch|sh)es$", plural):
        return plural[:-2]
    return plural[:-1] if re.search(r"[^s]s$", plural) else None


def prefix_of(one: str) -> str:
    """Shorten a noun to the prefix of its ids: its first letter, two consonants more.

    >>> prefix_of("asset"), prefix_of("group"), prefix_of("idea")
    ('ass', 'grp', 'ide')
    """
    hard = re.sub(r"[aeiou]", "", one[1:])
    return (one[0] + hard)[:3] if len(hard) > 1 else one[:3]
