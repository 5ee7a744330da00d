from types import CodeType

import graphql as g
import pytest

import jit
from jit.lean_code import make_lean_code

SCHEMA = g.build_schema("type Query { a: Int b: [Query!] c(n: Int): String }")


def lines(code: CodeType) -> list[int | None]:
    """The line of each instruction."""
    return [
        line for start, end, line in code.co_lines() for _ in range((end - start) // 2)
    ]


def test_lines_stay_and_columns_go() -> None:
    source = jit.compile_operation(SCHEMA, g.parse("{ a b { a c(n: 1) } c }")).source
    full = compile("\n" * 300 + source, "<operation>", "exec")
    lean = make_lean_code(full)
    both = list(zip(full.co_consts, lean.co_consts, strict=True))
    pairs = [(a, b) for a, b in both if isinstance(a, CodeType)]
    assert len(pairs) > 2
    for one, other in [(full, lean), *pairs]:
        assert lines(other) == lines(one)
        assert other.co_code == one.co_code
        assert {column for *_, column in other.co_positions()} == {None}
    largest = max(pairs, key=lambda pair: len(pair[0].co_code))
    assert len(largest[1].co_linetable) < len(largest[0].co_linetable) / 2


def test_a_traceback_still_tells_the_line() -> None:
    names: dict[str, object] = {}
    code = make_lean_code(compile("def f():\n\n    return 1 / 0\n", "<x>", "exec"))
    exec(code, names)  # noqa: S102 - the code above
    with pytest.raises(ZeroDivisionError) as raised:
        names["f"]()  # type: ignore[operator] # pyright: ignore[reportCallIssue] - a function
    assert raised.traceback[-1].lineno == 2
