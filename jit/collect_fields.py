"""CollectFields: selection sets → the fields of one object type, by response key."""

from collections.abc import Iterable, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
    type_from_ast,
)

from jit.operation import condition_of

GroupedFields = dict[str, list[FieldNode]]
"""Response key → the nodes that ask for it, in the document's order."""


class FieldCollector:
    """Collects fields while the values of all conditions are known.

    An operation is compiled once for each combination of its conditions that is
    met, so generated code never asks whether a field is wanted.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: Mapping[str, bool],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._conditions = conditions

    def collect(
        self, type_: GraphQLObjectType, selection_sets: Iterable[SelectionSetNode]
    ) -> GroupedFields:
        """CollectFields over one or more merged selection sets."""
        grouped: GroupedFields = {}
        visited: set[str] = set()
        for selection_set in selection_sets:
            self._visit(type_, selection_set, grouped, visited)
        return grouped

    def collect_subfields(
        self, type_: GraphQLObjectType, nodes: Iterable[FieldNode]
    ) -> GroupedFields:
        """CollectSubfields: what all nodes of one field select of its value."""
        return self.collect(
            type_, [node.selection_set for node in nodes if node.selection_set]
        )

    def _visit(
        self,
        type_: GraphQLObjectType,
        selection_set: SelectionSetNode,
        grouped: GroupedFields,
        visited: set[str],
    ) -> None:
        for selection in selection_set.selections:
            if not self._wanted(selection):
                continue
            if isinstance(selection, FieldNode):
                name = selection.alias or selection.name
                grouped.setdefault(name.value, []).append(selection)
                continue
            fragment = self._fragment(selection, visited)
            if fragment is not None and self._applies(fragment, type_):
                if isinstance(fragment, FragmentDefinitionNode):
                    visited.add(fragment.name.value)
                self._visit(type_, fragment.selection_set, grouped, visited)

    def _wanted(self, selection: SelectionNode) -> bool:
        wanted = True
        for directive in selection.directives or ():
            name = directive.name.value
            if name in {"skip", "include"}:
                condition = condition_of(directive)
                value = (
                    self._conditions[condition]
                    if isinstance(condition, str)
                    else condition
                )
                wanted = wanted and value is (name == "include")
        return wanted

    def _fragment(
        self, selection: SelectionNode, visited: set[str]
    ) -> InlineFragmentNode | FragmentDefinitionNode | None:
        if isinstance(selection, InlineFragmentNode):
            return selection
        if not isinstance(selection, FragmentSpreadNode):
            return None
        name = selection.name.value
        return None if name in visited else self._fragments.get(name)

    def _applies(
        self,
        fragment: InlineFragmentNode | FragmentDefinitionNode,
        type_: GraphQLObjectType,
    ) -> bool:
        """DoesFragmentTypeApply."""
        if not fragment.type_condition:
            return True
        condition = type_from_ast(self._schema, fragment.type_condition)
        return condition is type_ or (
            is_abstract_type(condition) and self._schema.is_sub_type(condition, type_)
        )
