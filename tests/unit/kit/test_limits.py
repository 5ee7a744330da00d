import time
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.limits import NAMES, UNBOUNDED, Limits, Weight, refuse_excess, weigh

NAMES_OF_FRAGMENTS = ["F0", "F1", "F2", "F3"]


def selections(fragments: list[str]) -> st.SearchStrategy[str]:
    """Selection sets that spread only these fragments."""
    leaf = st.sampled_from(["a", "b: a", "a @x", "c: b @x @y", "__typename"])
    spread = st.sampled_from([f"...{name}" for name in fragments] or ["a"])

    def nest(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        several = st.lists(inner, min_size=1, max_size=3).map(" ".join)
        heads = st.sampled_from(["a", "z: a", "a @x", "...", "... on T", "... @x"])
        return st.builds(lambda head, body: f"{head} {{ {body} }}", heads, several)

    one = st.recursive(
        leaf | spread | spread.map(lambda s: s + " @x"), nest, max_leaves=8
    )
    return st.lists(one, min_size=1, max_size=4).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Operations and fragments; a fragment spreads only those behind it."""
    parts = [
        f"fragment {name} on T {{ {draw(selections(NAMES_OF_FRAGMENTS[n + 1 :]))} }}"
        for n, name in enumerate(NAMES_OF_FRAGMENTS)
    ]
    bodies = draw(st.lists(selections(NAMES_OF_FRAGMENTS), min_size=1, max_size=2))
    parts += [f"query Q{n} @x {{ {body} }}" for n, body in enumerate(bodies)]
    return "\n".join(draw(st.permutations(parts)))


def expanded(document: DocumentNode) -> Weight:
    """Write every fragment out, the way that takes exponential time."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    count: dict[str, int] = {}

    def walk(node: SelectionSetNode, level: int) -> None:
        for child in node.selections:
            count["directives"] += len(child.directives or ())
            if isinstance(child, FieldNode):
                count["fields"] += 1
                count["roots"] += level == 0
                count["aliases"] += child.alias is not None
                count["depth"] = max(count["depth"], level + 1)
                if child.selection_set:
                    walk(child.selection_set, level + 1)
            elif isinstance(child, InlineFragmentNode):
                walk(child.selection_set, level)
            elif isinstance(child, FragmentSpreadNode):
                fragment = fragments[child.name.value]
                count["directives"] += len(fragment.directives or ())
                walk(fragment.selection_set, level)

    heaviest: dict[str, int] = dict.fromkeys(NAMES, 0)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            count |= dict.fromkeys(NAMES, 0)
            count["directives"] = len(node.directives or ())
            walk(node.selection_set, 0)
            if isinstance(node, FragmentDefinitionNode):
                count["roots"] = 0
            heaviest = {name: max(heaviest[name], count[name]) for name in NAMES}
    return Weight(**heaviest)


@settings(max_examples=50)
@given(documents())
def test_a_document_weighs_what_it_holds_once_written_out(text: str) -> None:
    document = parse(text)

    assert weigh(document) == expanded(document)


def bomb(levels: int) -> str:
    """Fragments that each spread the next one twice."""
    fragments = [
        f"fragment F{n} on T {{ x {{ ...F{n + 1} }} y: x {{ ...F{n + 1} }} }}"
        for n in range(levels)
    ]
    return f"{{ ...F0 }} {' '.join(fragments)} fragment F{levels} on T {{ a }}"


def test_a_bomb_of_fragments_is_weighed_in_no_time() -> None:
    document = parse(bomb(1000))
    begun = time.perf_counter()
    found = weigh(document)

    assert time.perf_counter() - begun < 1.0
    assert found == Weight(
        depth=1001, roots=2, fields=UNBOUNDED, aliases=UNBOUNDED, directives=0
    )


def test_a_chain_of_fragments_longer_than_pythons_stack_is_weighed() -> None:
    length = 2_000
    chain = " ".join(
        f"fragment F{n} on T {{ a {{ ...F{n + 1} }} }}" for n in range(length)
    )
    document = parse(f"{{ ...F0 }} {chain} fragment F{length} on T {{ a }}")

    assert weigh(document).depth == length + 1


def test_an_unused_fragment_is_weighed_as_validation_will_read_it() -> None:
    document = parse("{ a } fragment F on T { a { b { c } } d: e }")

    assert weigh(document) == Weight(depth=3, roots=1, fields=4, aliases=1)


def test_an_unknown_fragment_weighs_nothing() -> None:
    assert weigh(parse("{ a ...Nowhere }")) == Weight(depth=1, roots=1, fields=1)


@pytest.mark.parametrize(
    "text",
    [
        "{ ...A } fragment A on T { a { ...A } }",
        "{ ...A } fragment A on T { ...B } fragment B on T { b { ...A } }",
        "{ a } fragment Alone on T { ...Alone }",
    ],
)
def test_a_fragment_that_contains_itself_is_refused(text: str) -> None:
    with pytest.raises(GraphQLError, match="contains itself") as refused:
        weigh(parse(text))

    assert refused.value.extensions == {"code": "GRAPHQL_VALIDATION_FAILED"}


AT_THE_LIMIT = Limits(depth=2, roots=2, fields=4, aliases=1, directives=1)


def test_what_asks_for_exactly_the_limit_is_taken() -> None:
    document = parse("{ x: a { b c } a @skip(if: true) }")

    assert refuse_excess(document, AT_THE_LIMIT) == Weight(2, 2, 4, 1, 1)


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("{ a { b { c } } }", "MAX_DEPTH_LIMIT", "3 levels deep; at most 2"),
        ("{ a b c }", "MAX_ROOT_FIELDS_LIMIT", "3 root fields; at most 2"),
        ("{ a { b c d e } }", "MAX_HEIGHT_LIMIT", "5 fields; at most 4"),
        ("{ x: a y: a }", "MAX_ALIASES_LIMIT", "2 aliases; at most 1"),
        ("{ a @x @y }", "MAX_DIRECTIVES_LIMIT", "2 directives; at most 1"),
    ],
)
def test_what_asks_for_more_is_told_how_much(text: str, code: str, says: str) -> None:
    with pytest.raises(GraphQLError, match=says) as refused:
        refuse_excess(parse(text), AT_THE_LIMIT)

    assert refused.value.extensions == {"code": code}


def test_a_bombs_figure_is_not_pretended_to_be_known() -> None:
    wide = Limits(depth=10**6, roots=10**6, aliases=UNBOUNDED)
    with pytest.raises(GraphQLError, match="countless fields") as refused:
        refuse_excess(parse(bomb(60)), wide)

    found: Any = refused.value.extensions
    assert found["code"] == "MAX_HEIGHT_LIMIT"
