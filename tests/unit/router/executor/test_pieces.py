"""A document for as many values as there are, and no more in it than they use."""

from graphql import parse

from router.executor.pieces import Pieces
from router.plan.nodes import Contextual, EntityInput, Fetch, Taken

VALUE = Contextual("c0", "currency", "String!", "price", 1, (Taken("x", "x"),))
DOCUMENT = (
    "query Q__a__1($r0:[_Any!]!,$c0:String!,$r1:[_Any!]!,$n:Int=3,$m:Int){"
    "_e0:_entities(representations:$r0)"
    '{...on Item{price(currency:$c0 note:"$c0"){...F0}}} '
    "_e1:_entities(representations:$r1){...on Item{size(n:$n m:$m)}}} "
    "fragment F0 on Price{cents ...F1} fragment F1 on Price{tax(m:$m)}"
)
INPUTS = (
    EntityInput("r0", "_e0", ("a",), (), contextual=(VALUE,)),
    EntityInput("r1", "_e1", ("a",), ()),
)


def pieces(*variables: str) -> Pieces:
    return Pieces(Fetch(1, "a", "query", DOCUMENT, "Q__a__1", variables, inputs=INPUTS))


def test_a_copy_has_names_of_its_own_wherever_a_variable_stands() -> None:
    copy = pieces("n", "m").piece(0, 1)

    assert copy.text == (
        "_e0_1:_entities(representations:$r0_1)"
        '{...on Item{price(currency:$c0_1 note:"$c0"){...F0}}}'
    )
    assert (copy.plan.variable, copy.plan.response_key) == ("r0_1", "_e0_1")
    assert [one.variable for one in copy.plan.contextual] == ["c0_1"]


def test_a_copy_s_names_are_none_of_the_client_s() -> None:
    assert pieces("c0_1").piece(0, 1).plan.contextual[0].variable == "_c0_1"


def test_a_document_defines_what_its_pieces_use_and_nothing_else() -> None:
    whole = pieces("n", "m")
    first, second, other = whole.piece(0, 0), whole.piece(0, 1), whole.piece(1, 0)

    assert whole.document([first, second]) == (
        "query Q__a__1($r0:[_Any!]!,$c0:String!,$r0_1:[_Any!]!,$c0_1:String!,$m:Int)"
        f"{{{first.text} {second.text}}} "
        "fragment F0 on Price{cents ...F1} fragment F1 on Price{tax(m:$m)}"
    )
    assert whole.document([other]) == (
        f"query Q__a__1($r1:[_Any!]!,$n:Int=3,$m:Int){{{other.text}}}"
    )
    assert whole.variables([first]) == ["m"]
    assert parse(whole.document([first, second, other]))
