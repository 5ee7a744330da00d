"""Selection trees → GraphQL text for a subgraph."""

from collections.abc import Iterable, Iterator

from router.operation.model import Argument, Condition, Variable, When
from router.operation.render import render_when
from router.planner.selections import Selected, Selection


def write(selection: Selection) -> str:
    """Write a selection set, as short as it goes."""
    parts: list[str] = []
    if selection.typename:
        parts.append("__typename")
    parts.extend(_field(field) for field in selection.fields.values())
    parts.extend(f"...on {name}{write(case)}" for name, case in selection.cases.items())
    return "{" + " ".join(parts) + "}"


def _field(field: Selected) -> str:
    text = field.name if field.sent == field.name else f"{field.sent}:{field.name}"
    text += _arguments(field.arguments)
    inner = write(field.inner) if field.inner is not None else ""
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
    kind: str, name: str | None, variables: Iterable[Variable], more: Iterable[str]
) -> str:
    """Write an operation's head: kind, name and variable definitions."""
    definitions = [f"${name}:[_Any!]!" for name in more]
    for variable in variables:
        default = "" if variable.default is None else f"={variable.default}"
        definitions.append(f"${variable.name}:{variable.type}{default}")
    text = f" {name}" if name else ""
    if definitions:
        text += f"({','.join(definitions)})"
    if kind == "query" and not text:
        return ""
    return kind + text
