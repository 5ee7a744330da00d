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
    StringValueNode,
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
    Defer,
    Field,
    SelectionSet,
    When,
)
from router.operation.overlap import overlap_of

Conjunction = tuple[Condition, ...]
Source = tuple[SelectionSetNode, Conjunction, int]
"""Selections as written, under which conditions they count, in which deferred part."""

MOST_PARTS = 20
"""Deferred parts of one operation; what is deferred beyond comes with what is around.

Fragments in fragments could make exponentially many.
"""

ResponsePath = tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """A field while its occurrences are being gathered."""

    node: FieldNode
    position: int
    alternatives: dict[Conjunction, None] = field(default_factory=dict)
    within: dict[int, None] = field(default_factory=dict)
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
        return tuple((node, (), part) for node, _, part in self.sources)


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
        self.defers: list[Defer] = []

    def collect(
        self, type_name: str, sources: Iterable[Source], path: ResponsePath = ()
    ) -> SelectionSet:
        """Merge what all sources select on objects of one type."""
        drafts: Drafts = {type_name: {}}
        level = _Level(self, drafts, path)
        for node, when, part in sources:
            level.gather(node, type_name, when, part)
        fields = tuple(
            self._field(type_name, key, draft, path)
            for key, draft in drafts.pop(type_name).items()
        )
        plain = {
            one.key: one.position
            for one in fields
            if not one.when and one.selections is None and 0 in one.within
        }
        cases: list[Case] = []
        for name, found in drafts.items():
            inside = tuple(
                self._field(name, key, draft, path)
                for key, draft in found.items()
                # What is asked of all stands here too where it was asked before:
                # objects of this type answer it at the earlier place.
                if draft.position < plain.get(key, draft.position + 1)
            )
            if inside:
                cases.append(Case(name, inside))
        return SelectionSet(type_name, fields, tuple(cases))

    def _field(self, parent: str, key: str, draft: Draft, path: ResponsePath) -> Field:
        name = draft.node.name.value
        if key == "__typename" and name != key:
            raise OperationError(
                f"Field '{name}' cannot be given the response name '__typename'."
            )
        definition = self.definition(parent, name)
        named = get_named_type(definition.type)
        selections = None
        if is_composite_type(named):
            selections = self.collect(named.name, draft.children(), (*path, key))
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
            tuple(draft.within),
        )

    def deferred(self, directive: DirectiveNode, part: int, path: ResponsePath) -> int:
        """Give the part that a `@defer` makes: its own, if it is switched off."""
        values = {one.name.value: one.value for one in directive.arguments or ()}
        given, label = values.get("if"), values.get("label")
        off = isinstance(given, BooleanValueNode) and not given.value
        if off or len(self.defers) >= MOST_PARTS:
            return part
        number = len(self.defers) + 1
        self.defers.append(
            Defer(
                number,
                part,
                label.value if isinstance(label, StringValueNode) else None,
                given.name.value if isinstance(given, VariableNode) else None,
                path,
            )
        )
        return number

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

    def __init__(
        self, collector: Collector, drafts: Drafts, path: ResponsePath
    ) -> None:
        self.collector = collector
        self.drafts = drafts
        self.path = path
        self.parts: dict[tuple[int, int], int] = {}
        self.seen: set[tuple[object, str, Conjunction, int]] = set()

    def gather(
        self, node: SelectionSetNode, on: str, above: Conjunction, part: int
    ) -> None:
        for selection in node.selections:
            when = conditions(selection.directives or (), above)
            if when is None:
                continue
            match selection:
                case FieldNode():
                    self._add(selection, on, when, part)
                case FragmentSpreadNode():
                    fragment = self.collector.fragments[selection.name.value]
                    condition = fragment.type_condition.name.value
                    inside, here = fragment.selection_set, self._part(selection, part)
                    self._enter(inside, condition, on, when, here)
                case InlineFragmentNode():
                    written = selection.type_condition
                    condition = written.name.value if written else on
                    inside, here = selection.selection_set, self._part(selection, part)
                    self._enter(inside, condition, on, when, here)
                case _:
                    pass

    def _part(self, node: FragmentSpreadNode | InlineFragmentNode, part: int) -> int:
        """Say which part a fragment is of: its own, if it is deferred."""
        for directive in node.directives or ():
            if directive.name.value == "defer":
                mark = (id(node), part)
                if mark not in self.parts:
                    made = self.collector.deferred(directive, part, self.path)
                    self.parts[mark] = made
                return self.parts[mark]
        return part

    def _enter(
        self,
        inside: SelectionSetNode,
        condition: str,
        on: str,
        when: Conjunction,
        part: int,
    ) -> None:
        for narrower in self.collector.overlap.narrow(on, condition):
            visit = (id(inside), narrower, when, part)
            if visit not in self.seen:
                self.seen.add(visit)
                self.gather(inside, narrower, when, part)

    def _add(self, node: FieldNode, on: str, when: Conjunction, part: int) -> None:
        key = node.alias.value if node.alias else node.name.value
        drafts = self.drafts.setdefault(on, {})
        draft = drafts.get(key)
        if draft is None:
            draft = drafts[key] = Draft(node, self.collector.counted())
        draft.alternatives[when] = None
        draft.within[part] = None
        if node.selection_set:
            draft.sources.append((node.selection_set, when, part))


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
