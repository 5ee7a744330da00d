"""Document → Size: how large an operation is, before anything looks into it."""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)

from router.errors import OperationError, OperationLimitError
from router.operation.normalize import choose_operation

MAX_EXPANDED = 50_000
"""Fields once all fragments are written out; beyond it validation gets slow."""


@dataclass(frozen=True, slots=True)
class Size:
    """An operation's extent, as if all its fragments were written out.

    `height` counts fields (Apollo's word), `depth` levels, `aliases` aliased
    fields, `root_fields` the fields of the outermost level.
    """

    height: int = 0
    depth: int = 0
    aliases: int = 0
    root_fields: int = 0


def measure(document: DocumentNode, operation_name: str | None = None) -> Size:
    """Measure one operation in time linear in the document's length.

    Each fragment is measured once, however often it is spread, so a document that
    would expand to 2¹⁰⁰ fields is measured as fast as any other of its length.

    >>> from graphql import parse
    >>> measure(parse("{ a { ...F } b: a { ...F } } fragment F on A { c d: c }"))
    Size(height=6, depth=2, aliases=3, root_fields=2)

    Raises:
        OperationError: no such operation, or fragments that spread themselves.

    """
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    ruler = _Ruler(fragments)
    return ruler.selections(choose_operation(document, operation_name).selection_set)


def check_size(
    document: DocumentNode,
    operation_name: str | None = None,
    *,
    max_height: int = MAX_EXPANDED,
    max_depth: int | None = None,
    max_aliases: int | None = None,
    max_root_fields: int | None = None,
) -> Size:
    """Refuse an operation that is larger than allowed; run this before validation.

    Raises:
        OperationLimitError: which limit, and by how much; its code is Apollo
            Router's (`MAX_DEPTH_LIMIT`, …).

    """
    size = measure(document, operation_name)
    for name, found, limit in (
        ("HEIGHT", size.height, max_height),
        ("DEPTH", size.depth, max_depth),
        ("ALIASES", size.aliases, max_aliases),
        ("ROOT_FIELDS", size.root_fields, max_root_fields),
    ):
        if limit is not None and found > limit:
            words = name.lower().replace("_", " ")
            raise OperationLimitError(
                f"The operation's {words} is {_short(found)}; the limit is {limit}.",
                code=f"MAX_{name}_LIMIT",
            )
    return size


def _short(number: int) -> str:
    return str(number) if number < 10**9 else "over a billion"


class _Ruler:
    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self.fragments = fragments
        self.measured: dict[str, Size | None] = {}

    def selections(self, node: SelectionSetNode) -> Size:
        height = depth = aliases = roots = 0
        for selection in node.selections:
            match selection:
                case FieldNode():
                    inner = Size()
                    if selection.selection_set:
                        inner = self.selections(selection.selection_set)
                    found = Size(
                        inner.height + 1,
                        inner.depth + 1,
                        inner.aliases + bool(selection.alias),
                        1,
                    )
                case FragmentSpreadNode():
                    found = self.fragment(selection.name.value)
                case InlineFragmentNode():
                    found = self.selections(selection.selection_set)
                case _:
                    continue
            height += found.height
            depth = max(depth, found.depth)
            aliases += found.aliases
            roots += found.root_fields
        return Size(height, depth, aliases, roots)

    def fragment(self, name: str) -> Size:
        if name in self.measured:
            size = self.measured[name]
            if size is None:
                raise OperationError(
                    f"Cannot spread fragment '{name}' within itself.",
                )
            return size
        fragment = self.fragments.get(name)
        if fragment is None:
            raise OperationError(f"Unknown fragment '{name}'.")
        self.measured[name] = None
        size = self.measured[name] = self.selections(fragment.selection_set)
        return size
