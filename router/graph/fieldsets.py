"""Field sets as written → Needs."""

from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    parse,
)

from router.graph.model import FieldSet, Need
from router.operation.collect import argument


def read_field_set(text: str, possible: Mapping[str, tuple[str, ...]]) -> FieldSet:
    """Read a field set; type conditions become the object types they stand for.

    >>> read_field_set("id owner { ... on User { name } }", {"User": ("User",)})[1].name
    'owner'

    Raises:
        ValueError: the text is no field set; the message quotes it.

    """
    try:
        document = parse("{" + text + "}", no_location=True)
    except GraphQLSyntaxError as error:
        raise ValueError(f'"{text}" is no field set') from error
    definition = document.definitions[0]
    if not isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
        raise ValueError(f'"{text}" is no field set')
    return _needs(definition.selection_set.selections, possible, None)


def unwrapped(selection: str) -> str:
    """Take the braces off a context's selection, if it has any around it.

    >>> unwrapped("{ locale }"), unwrapped("... on User { locale }")
    ('locale', '... on User { locale }')
    """
    text = selection.strip()
    return text[1:-1].strip() if text.startswith("{") else text


def leaves_of(fields: FieldSet) -> Iterator[tuple[Need, ...]]:
    """List the leaves of a field set, each with the fields above it.

    >>> fields = read_field_set("id site { building room }", {})
    >>> [".".join(need.name for need in leaf) for leaf in leaves_of(fields)]
    ['id', 'site.building', 'site.room']
    """
    for need in fields:
        if need.needs:
            for rest in leaves_of(need.needs):
                yield (need, *rest)
        else:
            yield (need,)


def _needs(
    selections: Iterable[SelectionNode],
    possible: Mapping[str, tuple[str, ...]],
    on: tuple[str, ...] | None,
) -> FieldSet:
    found: list[Need] = []
    for selection in selections:
        if isinstance(selection, FieldNode):
            if selection.name.value == "__typename":
                continue  # every representation tells its types anyway
            inner = selection.selection_set
            arguments = sorted(
                map(argument, selection.arguments or ()), key=lambda one: one.name
            )
            found.append(
                Need(
                    selection.name.value,
                    tuple(arguments),
                    _needs(inner.selections, possible, None) if inner else (),
                    on or (),
                )
            )
        elif isinstance(selection, InlineFragmentNode):
            narrowed = on
            if selection.type_condition:
                name = selection.type_condition.name.value
                types = possible.get(name, (name,))
                narrowed = tuple(one for one in types if on is None or one in on)
                if not narrowed:
                    continue
            found.extend(_needs(selection.selection_set.selections, possible, narrowed))
    return tuple(found)
