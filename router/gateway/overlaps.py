"""Whether fields that share a response key can be answered as one.

graphql-core compares every two of them, and a client can write two thousand. Here
each is compared with the first of its group, so the work grows with the fields.

Source: GraphQL specification, "Field Selection Merging"; the two passes are those of
XING's algorithm (same shape for all, same field for those that can meet).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLSchema,
    GraphQLType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    print_ast,
)

MOST_STEPS = 50_000
"""Fields looked at, counted anew wherever types can meet: some 50 ms of work."""


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One field as it is written somewhere, with the type it is asked of."""

    node: FieldNode
    parent: GraphQLCompositeType
    type: GraphQLType

    @property
    def key(self) -> str:
        """The key of its answer."""
        return self.node.alias.value if self.node.alias else self.node.name.value


def find_conflict(schema: GraphQLSchema, document: DocumentNode) -> GraphQLError | None:
    """Find two fields that cannot both be answered under their key.

    The document is valid in every other way.
    """
    look = _Look(schema, document)
    try:
        for node in document.definitions:
            if isinstance(node, OperationDefinitionNode):
                root = schema.get_root_type(node.operation)
                if root is not None:
                    uses = look.uses(node.selection_set, root)
                    look.same_shape(uses)
                    look.same_field(uses)
    except GraphQLError as conflict:
        return conflict
    return None


class _Look:
    """One pass over a document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._steps = 0
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def uses(
        self, selections: SelectionSetNode | None, parent: GraphQLCompositeType
    ) -> list[Use]:
        """List the fields of a selection set, through every fragment once."""
        found: list[Use] = []
        visited: set[str] = set()
        waiting = [(selections, parent)] if selections else []
        while waiting:
            inside, owner = waiting.pop()
            for node in inside.selections:
                if isinstance(node, FieldNode):
                    field = self._schema.get_field(owner, node.name.value)
                    if field is not None:
                        found.append(Use(node, owner, field.type))
                elif isinstance(node, InlineFragmentNode):
                    waiting.append((node.selection_set, self._narrowed(node, owner)))
                elif isinstance(node, FragmentSpreadNode):
                    name = node.name.value
                    if name in visited:
                        continue
                    visited.add(name)
                    fragment = self._fragments[name]
                    kind = self._narrowed(fragment, owner)
                    waiting.append((fragment.selection_set, kind))
        self._count(len(found))
        return found

    def _narrowed(
        self,
        node: InlineFragmentNode | FragmentDefinitionNode,
        owner: GraphQLCompositeType,
    ) -> GraphQLCompositeType:
        if node.type_condition is None:
            return owner
        kind = self._schema.get_type(node.type_condition.name.value)
        return cast("GraphQLCompositeType", kind)

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise GraphQLError(
                "The operation has too many fields under the same keys.",
                extensions={"code": "OPERATION_LIMIT_EXCEEDED"},
            )

    def same_shape(self, uses: list[Use]) -> None:
        """Check that whatever the types, answers under one key look alike."""
        for group in by_key(uses):
            for other in group[1:]:
                if not alike(group[0].type, other.type):
                    raise conflict(group[0], other, "they return conflicting types")
            self.same_shape(self._below(group))

    def same_field(self, uses: list[Use]) -> None:
        """Check that what one object can be asked under one key is one field."""
        for group in by_key(uses):
            for meeting in by_object(group):
                first = meeting[0]
                for other in meeting[1:]:
                    if first.node.name.value != other.node.name.value:
                        raise conflict(first, other, "they are different fields")
                    if written(first.node) != written(other.node):
                        raise conflict(first, other, "they have differing arguments")
                self.same_field(self._below(meeting))

    def _below(self, group: Iterable[Use]) -> list[Use]:
        return [
            use
            for each in group
            if each.node.selection_set is not None
            for use in self.uses(
                each.node.selection_set,
                cast("GraphQLCompositeType", get_named_type(each.type)),
            )
        ]


def by_key(uses: list[Use]) -> Iterable[list[Use]]:
    """Group fields by response key."""
    groups: dict[str, list[Use]] = {}
    for use in uses:
        groups.setdefault(use.key, []).append(use)
    return groups.values()


def by_object(group: list[Use]) -> Iterator[list[Use]]:
    """Group fields of one key by the object types they can meet on."""
    if len(group) == 1:
        yield group
        return
    anywhere = [use for use in group if not is_object_type(use.parent)]
    named: dict[str, list[Use]] = {}
    for use in group:
        if is_object_type(use.parent):
            named.setdefault(use.parent.name, []).append(use)
    for uses in named.values():
        yield uses + anywhere
    if anywhere and not named:
        yield anywhere


def alike(one: GraphQLType, other: GraphQLType) -> bool:
    """Say whether values of two types are written alike."""
    while is_list_type(one) or is_non_null_type(one):
        if type(one) is not type(other):
            return False
        one, other = one.of_type, other.of_type  # type: ignore[union-attr]
    if is_list_type(other) or is_non_null_type(other):
        return False
    leaves = is_leaf_type(one) or is_leaf_type(other)
    return one is other if leaves else True


def written(node: FieldNode) -> tuple[tuple[str, str], ...]:
    """Write a field's arguments so that equal ones are equal."""
    if not node.arguments:
        return ()
    return tuple(sorted((a.name.value, print_ast(a.value)) for a in node.arguments))


def conflict(one: Use, other: Use, reason: str) -> GraphQLError:
    """Say which two fields cannot be answered as one."""
    return GraphQLError(
        f"Fields '{one.key}' conflict because {reason}. Use different aliases on the "
        "fields to fetch both if this was intentional.",
        [one.node, other.node],
    )
