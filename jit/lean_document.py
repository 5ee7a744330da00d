"""Make a validated document small enough to be kept by the thousand.

What execution needs of a document are its nodes and where they start. The parser's
chain of tokens, and where each name stands, were for parsing and for validation.
"""

from typing import Any, cast

from graphql import DocumentNode, Location, NameNode, Node, Token, TokenKind

FORGOTTEN = Token(TokenKind.SOF, 0, 0, 0, 0)
"""Stands for every token that was let go."""


MAX_NAMES = 10_000
"""Clients choose aliases: past this many, shared names are collected anew."""

_names: dict[str, NameNode] = {}


def make_lean(document: DocumentNode) -> DocumentNode:
    """Let go of tokens, and share names that are spelt the same; in place.

    >>> from graphql import parse
    >>> make_lean(parse("{ a a }")).loc.end_token
    <Token <SOF> 0:0>
    """
    due: list[Node] = [document]
    while due:
        node = due.pop()
        if isinstance(node.loc, Location):
            node.loc.start_token = node.loc.end_token = FORGOTTEN
        # Not `vars`: it would give each node a dictionary that it does without.
        for key in node.keys:
            value: Any = getattr(node, key)
            if isinstance(value, NameNode):
                # The nodes are ours alone still, however frozen they are.
                object.__setattr__(node, key, _share(value))
            elif isinstance(value, Node):
                due.append(value)
            elif isinstance(value, (list, tuple)):
                due.extend(cast("list[Node]", value))
    return document


def _share(name: NameNode) -> NameNode:
    known = _names.get(name.value)
    if known is None:
        if len(_names) >= MAX_NAMES:
            _names.clear()
        known = _names[name.value] = NameNode(value=name.value)
    return known
