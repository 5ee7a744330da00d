"""A kept document says the same with less."""

import graphql as g

from jit.lean_document import make_lean

TEXT = """
query Q($n: [Int!] = [1], $b: Box) @note(text: "x") {
  key: name(first: $n, box: {a: [1, "two", RED]}) @include(if: true)
  ... on Query { name }
  ...F
}
fragment F on Query { name(first: 3) }
"""


def test_a_lean_document_prints_and_compares_as_before() -> None:
    lean, full = make_lean(g.parse(TEXT)), g.parse(TEXT)
    assert g.print_ast(lean) == g.print_ast(full)
    assert g.parse(TEXT, no_location=True) == g.parse(
        g.print_ast(lean), no_location=True
    )


def test_errors_point_to_the_same_places() -> None:
    def places(document: g.DocumentNode) -> list[tuple[str, object]]:
        found: list[tuple[str, object]] = []

        class Collector(g.Visitor):
            def enter(self, node: g.Node, *_: object) -> None:
                if not isinstance(node, g.NameNode):
                    found.append((node.kind, g.GraphQLError("", node).locations))

        g.visit(document, Collector())
        return found

    assert places(make_lean(g.parse(TEXT))) == places(g.parse(TEXT))


def test_no_token_is_left() -> None:
    document = make_lean(g.parse(TEXT))
    assert document.loc is not None
    assert document.loc.start_token.next is None
    assert document.loc.end_token.prev is None
