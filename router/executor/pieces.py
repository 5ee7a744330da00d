"""A fetch's document in pieces, to be put together for as many values as there are.

Contextual arguments stand on an input's own field and never inside a fragment (the
planner gives each a variable of its own), so that an input is repeated by renaming the
variables of its one root field.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    NameNode,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    strip_ignored_characters,
    visit,
)

from router.plan.nodes import EntityInput, Fetch


@dataclass(frozen=True, slots=True)
class Piece:
    """One `_entities`: its text, and the variables and fragments that it uses."""

    plan: EntityInput
    text: str
    variables: tuple[str, ...]
    fragments: tuple[str, ...]


class Pieces:
    """The document of one fetch, by its inputs."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        self._roots: list[FieldNode] = []
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._definitions: dict[str, str] = {}
        for node in parse(fetch.document, no_location=True).definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._fragments[node.name.value] = node
            elif isinstance(node, OperationDefinitionNode):
                selections = node.selection_set.selections
                self._roots = [one for one in selections if isinstance(one, FieldNode)]
                for one in node.variable_definitions or ():
                    self._definitions[one.variable.name.value] = written(one)
        self._known: dict[tuple[int, int], Piece] = {}

    def piece(self, number: int, copy: int) -> Piece:
        """Give an input's part of the document, as it is or in one more copy."""
        known = self._known.get((number, copy))
        if known is None:
            known = self._known[number, copy] = self._make(number, copy)
        return known

    def _make(self, number: int, copy: int) -> Piece:
        plan, node = self.fetch.inputs[number], self._roots[number]
        names = {plan.variable: self._free(plan.variable, copy)}
        for one in plan.contextual:
            names[one.variable] = self._free(one.variable, copy)
        key = f"{plan.response_key}_{copy}" if copy else plan.response_key
        node = replace(node, alias=NameNode(value=key))
        node = visit(node, Renaming(names))
        plan = replace(
            plan,
            variable=names[plan.variable],
            response_key=key,
            contextual=tuple(
                replace(one, variable=names[one.variable]) for one in plan.contextual
            ),
        )
        used = Used()
        visit(node, used)
        for name in used.fragments:  # grows: fragments use others
            visit(self._fragments[name], used)
        return Piece(plan, written(node), tuple(used.variables), tuple(used.fragments))

    def _free(self, name: str, copy: int) -> str:
        if not copy:
            return name
        name = f"{name}_{copy}"
        while name in self.fetch.variables:
            name = "_" + name
        return name

    def document(self, pieces: Sequence[Piece]) -> str:
        """Put a document together: of these pieces, and no more than they use."""
        definitions: dict[str, str] = {}
        for piece in pieces:
            definitions[piece.plan.variable] = f"${piece.plan.variable}:[_Any!]!"
            for one in piece.plan.contextual:
                definitions[one.variable] = f"${one.variable}:{one.type}"
        for name in self.variables(pieces):
            definitions[name] = self._definitions[name]
        fragments = merged(piece.fragments for piece in pieces)
        head = (
            f"query {self.fetch.operation_name or ''}({','.join(definitions.values())})"
        )
        body = "{" + " ".join(piece.text for piece in pieces) + "}"
        return " ".join(
            (head + body, *(written(self._fragments[name]) for name in fragments))
        )

    def variables(self, pieces: Sequence[Piece]) -> list[str]:
        """List the client's variables that the pieces use."""
        used = set(merged(piece.variables for piece in pieces))
        return [name for name in self.fetch.variables if name in used]


class Renaming(Visitor):
    """Gives variables other names."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__()
        self.names = names

    def enter_variable(self, node: VariableNode, *_: Any) -> VariableNode:
        """Rename one."""
        name = self.names.get(node.name.value, node.name.value)
        return VariableNode(name=NameNode(value=name))


class Used(Visitor):
    """Collects the variables and fragments that are used, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: dict[str, None] = {}
        self.fragments: list[str] = []

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Note a variable."""
        self.variables[node.name.value] = None

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        """Note a fragment."""
        if node.name.value not in self.fragments:
            self.fragments.append(node.name.value)


def written(node: Node) -> str:
    """Write a node in as few characters as it goes."""
    return strip_ignored_characters(print_ast(node))


def merged(names: Iterable[tuple[str, ...]]) -> list[str]:
    """Unite lists of names, in order.

    >>> merged([("a", "b"), ("b", "c")])
    ['a', 'b', 'c']
    """
    return list(dict.fromkeys(name for each in names for name in each))
