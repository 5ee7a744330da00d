"""Operation → its text: the snapshot form, and the key of the plan cache."""

from collections.abc import Iterable, Iterator

from router.operation.model import (
    Argument,
    Condition,
    Field,
    Operation,
    SelectionSet,
    Variable,
    When,
)


def render(operation: Operation) -> str:
    """Write an operation in GraphQL syntax, one selection a line.

    Alternative conditions (the same key under different `@include`s) cannot be
    written as directives; they are written as a comment-like argument of
    `@include`, `@include(if: $a or $b)`, which no client can send.
    """
    head = operation.kind
    if operation.name:
        head += f" {operation.name}"
    if operation.variables:
        head += f"({', '.join(map(_variable, operation.variables))})"
    return "\n".join([f"{head} {{", *_lines(operation.selections, "  "), "}"])


def render_arguments(arguments: Iterable[Argument]) -> str:
    """Write arguments in parentheses, or nothing if there are none."""
    written = ", ".join(f"{one.name}: {one.value}" for one in arguments)
    return f"({written})" if written else ""


def render_when(when: When) -> str:
    """Write conditions as directives, with a leading space."""
    if not when:
        return ""
    if len(when) == 1:
        return "".join(f" @{_condition(one)}" for one in when[0])
    ways = " or ".join(" and ".join(map(_truth, conjunction)) for conjunction in when)
    return f" @include(if: {ways})"


def _condition(condition: Condition) -> str:
    name = "skip" if condition.negated else "include"
    return f"{name}(if: ${condition.variable})"


def _truth(condition: Condition) -> str:
    return f"{'not ' if condition.negated else ''}${condition.variable}"


def _variable(variable: Variable) -> str:
    default = "" if variable.default is None else f" = {variable.default}"
    return f"${variable.name}: {variable.type}{default}"


def _lines(selections: SelectionSet, indent: str) -> Iterator[str]:
    for field in selections.fields:
        yield from _field(field, indent)
    for case in selections.cases:
        yield f"{indent}... on {case.type} {{"
        for field in case.fields:
            yield from _field(field, indent + "  ")
        yield f"{indent}}}"


def _field(field: Field, indent: str) -> Iterator[str]:
    alias = "" if field.key == field.name else f"{field.key}: "
    line = f"{indent}{alias}{field.name}{render_arguments(field.arguments)}"
    line += render_when(field.when)
    if field.selections is None:
        yield line
        return
    yield line + " {"
    yield from _lines(field.selections, indent + "  ")
    yield f"{indent}}}"
