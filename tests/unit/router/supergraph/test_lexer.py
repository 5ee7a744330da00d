"""Long documents are read as graphql-core reads them, token by token."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLSyntaxError,
    Lexer,
    Source,
    TokenKind,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from router.supergraph.lexer import LongLexer, parse_long

ROOT = Path(__file__).parents[4]

PIECES = [
    *("name", "_1", "é", "0", "-1.5e3", "7x", "...", ".", "..", "{", "}", "(", ")"),
    *("[", "]", "!", "$", "&", ":", "=", "@", "|", "'", "%", " ", "\t", ",", "\ufeff"),
    *("\n", "\r", "\r\n", "#", "# a comment", '"', '""', '"""', '""""', "\\", '\\"'),
    *('"a text"', '"\\u0041"', '"\\n"', '"""one"""', '"""\n  two\n    three\n  """'),
    *('"""\r\n  four\r\n"""', '"""a "quoted" word"""', '"""\\"""', "\ud800", "\ud83d"),
    *("\ude00", "😀", "\x00", "\x0b", "\u2028"),
]


def told(lexer: Lexer) -> list[tuple[object, ...]] | str:
    """Every token with its place, comments too; or what is wrong with the text."""
    found: list[tuple[object, ...]] = []
    try:
        while lexer.token.kind is not TokenKind.EOF:
            lexer.advance()
    except GraphQLSyntaxError as error:
        return str(error)
    token = lexer.token
    while token is not None:
        place = (token.start, token.end, token.line, token.column)
        found.append((token.kind, *place, token.value))
        token = token.prev
    return found


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_tokens_are_those_of_graphql_core(text: str) -> None:
    assert told(LongLexer(Source(text))) == told(Lexer(Source(text)))


@pytest.mark.parametrize("file", sorted(ROOT.glob("schema/*.graphql")), ids=str)
def test_documents_are_those_of_graphql_core(file: Path) -> None:
    text = file.read_text()
    assert parse_long(text) == parse(text)


@pytest.mark.parametrize(
    "text",
    ["type", "type Query { a: }", 'type Query { "a" }', "type A { b: 'c' }", "{" * 9],
)
def test_what_is_wrong_is_said_as_graphql_core_says_it(text: str) -> None:
    with pytest.raises(GraphQLSyntaxError) as theirs:
        parse(text)
    with pytest.raises(GraphQLSyntaxError) as ours:
        parse_long(text)
    assert str(ours.value) == str(theirs.value)
