"""Selection sets → SelectionSet: the working part of normalisation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    print_ast,
)

from router.errors import OperationError, OperationLimitError
from router.operation.model import (
    ALWAYS,
    Argument,
    Case,
    Condition,
    Field,
    SelectionSet,
    When,
)
from router.operation.overlap import overlap_of

Conjunction = tuple[Condition, ...]
Source = tuple[SelectionSetNode, Conjunction]
"""Selections as written, and the conditions under which they count."""


@dataclass(slots=True)
class Draft:
    """A field while its occurrences are being gathered."""

    node: FieldNode
    position: int
    alternatives: dict[Conjunction, None] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    def when(self) -> When:
        """Give the alternatives, or ALWAYS if one of them has no condition."""
        if () in self.alternatives:
            return ALWAYS
        return tuple(self.alternatives)

    def children(self) -> tuple[Source, ...]:
        """Give the sub-selections, without the conditions the field implies."""
        if len(self.alternatives) > 1:
            return tuple(self.sources)
        return tuple((node, ()) for node, _ in self.sources)


Drafts = dict[str, dict[str, Draft]]
"""Type condition → response key → draft."""


class Collector:
    """Collects the fields of one operation, level by level."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        max_fields: int,
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.max_fields = max_fields
        self.overlap = overlap_of(schema)
        self.count = 0

    def collect(self, type_name: str, sources: Iterable[Source]) -> SelectionSet:
        """Merge what all sources select on objects of one type."""
        drafts: Drafts = {type_name: {}}
        level = _Level(self, drafts)
        for node, when in sources:
            level.gather(node, type_name, when)
        fields = tuple(
            self._field(type_name, key, draft)
            for key, draft in drafts.pop(type_name).items()
        )
        plain = {
            one.key: one.position
            for one in fields
            if not one.when and one.selections is None
        }
        cases: list[Case] = []
        for name, found in drafts.items():
            inside = tuple(
                self._field(name, key, draft)
                for key, draft in found.items()
                # What is asked of all stands here too where it was asked before:
                # objects of this type answer it at the earlier place.
                if draft.position < plain.get(key, draft.position + 1)
            )
            if inside:
                cases.append(Case(name, inside))
        return SelectionSet(type_name, fields, tuple(cases))

    def _field(self, parent: str, key: str, draft: Draft) -> Field:
        name = draft.node.name.value
        if key == "__typename" and name != key:
            raise OperationError(
                f"Field '{name}' cannot be given the response name '__typename'."
            )
        definition = self.definition(parent, name)
        named = get_named_type(definition.type)
        selections = None
        if is_composite_type(named):
            selections = self.collect(named.name, draft.children())
        return Field(
            key,
            name,
            str(definition.type),
            tuple(
                sorted(map(argument, draft.node.arguments or ()), key=lambda a: a.name)
            ),
            selections,
            draft.when(),
            draft.position,
        )

    def definition(self, parent: str, name: str) -> GraphQLField:
        """Look a field up, the meta fields included."""
        kind = self.schema.type_map.get(parent)
        found = self.schema.get_field(kind, name) if is_composite_type(kind) else None
        if found is None:
            raise OperationError(f"Cannot query field '{name}' on type '{parent}'.")
        return found

    def counted(self) -> int:
        """Count one more field.

        Raises:
            OperationLimitError: it is one too many.

        """
        self.count += 1
        if self.count > self.max_fields:
            raise OperationLimitError(
                f"The operation selects more than {self.max_fields} fields."
            )
        return self.count


class _Level:
    """Gathers the drafts of one selection set."""

    def __init__(self, collector: Collector, drafts: Drafts) -> None:
        self.collector = collector
        self.drafts = drafts
        self.seen: set[tuple[object, str, Conjunction]] = set()

    def gather(self, node: SelectionSetNode, on: str, above: Conjunction) -> None:
        for selection in node.selections:
            when = conditions(selection.directives or (), above)
            if when is None:
                continue
            match selection:
                case FieldNode():
                    self._add(selection, on, when)
                case FragmentSpreadNode():
                    name = selection.name.value
                    fragment = self.collector.fragments[name]
                    self._enter(
                        name,
                        fragment.selection_set,
                        fragment.type_condition.name.value,
                        on,
                        when,
                    )
                case InlineFragmentNode():
                    condition = selection.type_condition
                    self._enter(
                        id(selection),
                        selection.selection_set,
                        condition.name.value if condition else on,
                        on,
                        when,
                    )
                case _:
                    pass

    def _enter(
        self,
        identity: object,
        inside: SelectionSetNode,
        condition: str,
        on: str,
        when: Conjunction,
    ) -> None:
        for narrower in self.collector.overlap.narrow(on, condition):
            visit = (identity, narrower, when)
            if visit not in self.seen:
                self.seen.add(visit)
                self.gather(inside, narrower, when)

    def _add(self, node: FieldNode, on: str, when: Conjunction) -> None:
        key = node.alias.value if node.alias else node.name.value
        drafts = self.drafts.setdefault(on, {})
        draft = drafts.get(key)
        if draft is None:
            draft = drafts[key] = Draft(node, self.collector.counted())
        draft.alternatives[when] = None
        if node.selection_set:
            draft.sources.append((node.selection_set, when))


def conditions(
    directives: Iterable[DirectiveNode], above: Conjunction
) -> Conjunction | None:
    """Add the conditions of a selection; None if it is never there."""
    found = dict.fromkeys(above)
    for directive in directives:
        name = directive.name.value
        if name not in ("skip", "include"):
            continue
        value = directive.arguments[0].value if directive.arguments else None
        if isinstance(value, BooleanValueNode):
            if value.value is (name == "skip"):
                return None
        elif isinstance(value, VariableNode):
            negated = name == "skip"
            if Condition(value.name.value, not negated) in found:
                return None
            found[Condition(value.name.value, negated)] = None
    return tuple(sorted(found, key=lambda one: (one.variable, one.negated)))


def argument(node: ArgumentNode) -> Argument:
    """Read an argument as written."""
    variables: dict[str, None] = {}
    _find_variables(node.value, variables)
    return Argument(node.name.value, print_ast(node.value), tuple(variables))


def _find_variables(node: Node, found: dict[str, None]) -> None:
    if isinstance(node, VariableNode):
        found[node.name.value] = None
    for inner in getattr(node, "values", ()) or ():
        _find_variables(inner, found)
    for inner in getattr(node, "fields", ()) or ():
        _find_variables(inner.value, found)
