"""Selection trees → GraphQL text for a subgraph."""

from collections.abc import Callable, Iterable, Iterator

from router.operation.model import Argument, Condition, Variable, When
from router.operation.render import render_when
from router.plan.nodes import EntityInput
from router.planner.selections import Selected, Selection

Written = tuple[str, str]
"""A selection set's type and its text, fragments not yet taken out."""


class Writer:
    """Writes the selections of one document, as short as it goes.

    A selection set that occurs again and again becomes a fragment, if that makes
    the document shorter. All selections are counted before the first is written.
    """

    def __init__(self, selections: Iterable[Selection]) -> None:
        self._texts: dict[int, str] = {}
        self._counts: dict[Written, int] = {}
        self._names: dict[Written, str] = {}
        self.fragments: list[str] = []
        for selection in selections:
            self._count(selection)

    def write(self, selection: Selection) -> str:
        """Write a selection set, by its fragment if it has one."""
        mark = (selection.type, self._texts[id(selection)])
        if not self._is_worth(mark):
            return self._whole(selection, self.write)
        name = self._names.get(mark)
        if name is None:
            name = self._names[mark] = f"F{len(self._names)}"
            body = self._whole(selection, self.write)
            self.fragments.append(f"fragment {name} on {selection.type}{body}")
        return f"{{...{name}}}"

    def _is_worth(self, mark: Written) -> bool:
        """Tell whether a fragment for these selections saves anything."""
        type_name, text = mark
        saved = (self._counts[mark] - 1) * len(text)
        spent = self._counts[mark] * len("{...F0}") + len(
            f" fragment F0 on {type_name}"
        )
        return saved > spent

    def _count(self, selection: Selection) -> str:
        text = self._whole(selection, self._count)
        self._texts[id(selection)] = text
        mark = (selection.type, text)
        self._counts[mark] = self._counts.get(mark, 0) + 1
        return text

    def _whole(self, selection: Selection, inner: Callable[[Selection], str]) -> str:
        parts: list[str] = []
        if selection.typename:
            parts.append("__typename")
        parts.extend(
            _field(field, inner(field.inner) if field.inner is not None else "")
            for field in selection.fields.values()
        )
        parts.extend(
            f"...on {name}{inner(case)}" for name, case in selection.cases.items()
        )
        return "{" + " ".join(parts) + "}"


def _field(field: Selected, inner: str) -> str:
    text = field.name if field.sent == field.name else f"{field.sent}:{field.name}"
    text += _arguments(field.arguments)
    if len(field.when) != 1:
        return text + inner
    once, rest = _split(field.when[0])
    text += render_when((once,)) + inner
    for condition in rest:
        text = f"...{render_when(((condition,),))}{{{text}}}"
    return text


def _split(
    conjunction: tuple[Condition, ...],
) -> tuple[tuple[Condition, ...], list[Condition]]:
    """Keep one `@include` and one `@skip`; a field takes no more of each."""
    once: dict[bool, Condition] = {}
    rest: list[Condition] = []
    for condition in conjunction:
        if condition.negated in once:
            rest.append(condition)
        else:
            once[condition.negated] = condition
    return tuple(once.values()), rest


def _arguments(arguments: Iterable[Argument]) -> str:
    written = ",".join(f"{one.name}:{one.value}" for one in arguments)
    return f"({written})" if written else ""


def variables_of(selection: Selection) -> Iterator[str]:
    """List the client's variables that a selection uses, with repetitions."""
    for field in selection.fields.values():
        for argument in field.arguments:
            yield from argument.variables
        yield from condition_variables(field.when)
        if field.inner is not None:
            yield from variables_of(field.inner)
    for case in selection.cases.values():
        yield from variables_of(case)


def condition_variables(when: When) -> Iterator[str]:
    """List the variables that conditions would be written with."""
    if len(when) == 1:
        for condition in when[0]:
            yield condition.variable


def head(
    kind: str,
    name: str | None,
    variables: Iterable[Variable],
    inputs: Iterable[EntityInput],
) -> str:
    """Write an operation's head: kind, name and variable definitions."""
    definitions: list[str] = []
    for each in inputs:
        definitions.append(f"${each.variable}:[_Any!]!")
        definitions += [f"${one.variable}:{one.type}" for one in each.contextual]
    for variable in variables:
        default = "" if variable.default is None else f"={variable.default}"
        definitions.append(f"${variable.name}:{variable.type}{default}")
    text = f" {name}" if name else ""
    if definitions:
        text += f"({','.join(definitions)})"
    if kind == "query" and not text:
        return ""
    return kind + text
