"""Long documents → AST: graphql-core's parser, with a lexer that finds tokens whole.

graphql-core reads character by character, which for a supergraph is most of what
parsing it takes. What is not as usual is left to it: errors, numbers, escapes, and all
beyond ASCII that stands in no text.
"""

import re
from typing import Final

from graphql import DocumentNode, GraphQLError, Lexer, Source, Token, TokenKind, parse
from graphql.language.parser import Parser

USUAL: Final = re.compile(
    r"([ \t,\ufeff\n]*)"
    r"(?:([_A-Za-z][_0-9A-Za-z]*)"
    r"|([!$&()\[\]{}:=@|])"
    r'|"([^"\\\r\n\ud800-\udfff]*)"(?!")'
    r'|"""([^"\\\r\ud800-\udfff]*(?:"(?!"")[^"\\\r\ud800-\udfff]*)*)""")'
)
BETWEEN, NAME, MARK, TEXT, BLOCK = range(1, 6)

MARKS: Final = {kind.value: kind for kind in TokenKind if len(kind.value) == 1}


class LongLexer(Lexer):
    """The same tokens as `graphql.Lexer` gives, in a third of the time.

    All that follow one another as usual are read at once, and linked as it links them.
    """

    def read_next_token(self, start: int) -> Token:
        """Read the token that comes next, and those behind it up to an unusual one."""
        line, line_start = self.line, self.line_start
        first = last = None
        body, end = self.source.body, start
        while (found := USUAL.match(body, end)) is not None:
            between, kind = found[BETWEEN], found.lastindex
            if "\n" in between:
                line += between.count("\n")
                line_start = end + between.rindex("\n") + 1
            begin, end = end + len(between), found.end()
            column = 1 + begin - line_start
            if kind == NAME:
                token = Token(TokenKind.NAME, begin, end, line, column, found[NAME])
            elif kind == MARK:
                token = Token(MARKS[found[MARK]], begin, end, line, column)
            elif kind == TEXT:
                token = Token(TokenKind.STRING, begin, end, line, column, found[TEXT])
            else:
                text = found[BLOCK]
                token = Token(
                    TokenKind.BLOCK_STRING, begin, end, line, column, dedented(text)
                )
                if "\n" in text:
                    line += text.count("\n")
                    line_start = begin + 3 + text.rindex("\n") + 1
            if last is None:
                first = token
            else:
                last.next, token.prev = token, last
            last = token
        self.line, self.line_start = line, line_start
        return super().read_next_token(start) if first is None else first


class LongParser(Parser):
    """A parser without limits, which need not count."""

    def advance_lexer(self) -> None:
        """Go on by one token."""
        self._lexer.advance()


def dedented(text: str) -> str:
    r"""Give the value of a block string, as GraphQL's BlockStringValue does.

    >>> dedented("\n    One,\n      two.\n  ")
    'One,\n  two.'
    """
    first, *others = text.split("\n")
    indent = min(
        (len(line) - len(bare) for line in others if (bare := line.lstrip(" \t"))),
        default=0,
    )
    lines = [first, *(line[indent:] for line in others)]
    while lines and not lines[0].strip(" \t"):
        del lines[0]
    while lines and not lines[-1].strip(" \t"):
        del lines[-1]
    return "\n".join(lines)


def parse_long(text: str) -> DocumentNode:
    """Parse a document as `graphql.parse` does, sooner.

    Raises:
        GraphQLError: it is no GraphQL; as graphql-core says it.

    """
    source = Source(text)
    try:
        return LongParser(source, lexer=LongLexer(source)).parse_document()
    except (GraphQLError, RecursionError):
        return parse(text)
