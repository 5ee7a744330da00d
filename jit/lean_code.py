"""Make generated code small: it keeps its lines, and forgets its columns.

Columns are half as long as the code itself, and of use only to a traceback that can
show the file; generated text is in none. Source: CPython's `Objects/locations.md`.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from types import CodeType

NO_COLUMNS, NO_LOCATION = 13, 15
LONGEST_ENTRY = 8


def make_lean_code(code: CodeType) -> CodeType:
    r"""Drop the columns of code, and of the code inside it.

    >>> code = compile("a = 1\nb = a", "<doc>", "exec")
    >>> [line for *_, line in make_lean_code(code).co_lines()]
    [0, 1, 2]
    """
    inner = [
        make_lean_code(each) if isinstance(each, CodeType) else each
        for each in code.co_consts
    ]
    table = bytes(_entries(code))
    return code.replace(co_consts=tuple(inner), co_linetable=table)


def _entries(code: CodeType) -> Iterator[int]:
    line = code.co_firstlineno
    for at, ranges in groupby(code.co_lines(), key=itemgetter(2)):
        units = sum(end - start for start, end, _ in ranges) // 2
        kind = NO_LOCATION if at is None else NO_COLUMNS
        delta = 0 if at is None else at - line
        while units > 0:
            length = min(units, LONGEST_ENTRY)
            yield 0x80 | kind << 3 | length - 1
            if at is not None:
                yield from _signed(delta)
            units, delta = units - length, 0
        line = line if at is None else at


def _signed(number: int) -> Iterator[int]:
    """Write a number in groups of six bits, its sign in the lowest."""
    rest = (-number << 1) | 1 if number < 0 else number << 1
    while rest >> 6:
        yield 0x40 | rest & 0x3F
        rest >>= 6
    yield rest
