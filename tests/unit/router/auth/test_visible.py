"""What a caller may not see is taken out, and told; and of nothing else."""

from graphql import parse

from kit.identity import ANONYMOUS, Identity
from router.auth.requirements import Demands
from router.auth.visible import Rules, Visible
from router.operation.normalize import normalize
from router.operation.render import render
from router.supergraph.schema import api_schema
from tests.support.supergraphs import supergraph
from tests.unit.router.auth.test_requirements import BODY

GRAPH = supergraph(BODY)
SCHEMA = api_schema(GRAPH)
SOMEBODY = Identity("usr_1")


def see(text: str, identity: Identity = ANONYMOUS, *, dry_run: bool = False) -> Visible:
    operation = normalize(SCHEMA, parse(text))
    rules = Rules(Demands(GRAPH), operation, dry_run=dry_run)
    return rules.visible(rules.met_by(identity))


def left(text: str, identity: Identity = ANONYMOUS) -> str:
    return " ".join(render(see(text, identity).operation).split())


def test_a_field_goes_with_all_that_is_below_it() -> None:
    text = "{ open me { id name } }"
    assert left(text) == "query { open }"
    assert see(text).refused == (("me",),)
    assert left(text, SOMEBODY) == "query { open me { id } }"
    assert see(text, SOMEBODY).refused == (("me", "name"),)


def test_paths_have_the_clients_own_names() -> None:
    seen = see("{ i: me { n: name w: weight } }", SOMEBODY)
    assert seen.refused == (("i", "n"),)


def test_of_an_object_with_nothing_left_it_is_still_asked_whether_it_is() -> None:
    assert left("{ me { name } }", SOMEBODY) == "query { me { __typename } }"


def test_one_kind_of_object_is_hidden_and_the_others_stay() -> None:
    text = "{ any { ... on User { free } ... on Secret { id } } }"
    assert left(text) == "query { any { ... on User { free } } }"
    assert see(text).refused == (("any", "id"),)
    text = "{ node { id ... on User { free } } }"
    assert left(text) == "query { node { ... on User { free } } }"


def test_who_may_see_all_of_it_gets_the_very_operation() -> None:
    text = "{ open any { ... on User { free } } }"
    seen = see(text)
    assert seen.operation is seen.shape
    assert (seen.refused, seen.nothing) == ((), False)


def test_nothing_is_left_when_only_graphqls_own_is() -> None:
    assert see("{ __typename me { id } }").nothing
    assert not see("{ open me { id } }").nothing


def test_a_dry_run_hides_nothing_and_tells_everything() -> None:
    seen = see("{ me { id } }", dry_run=True)
    assert seen.operation is seen.shape
    assert seen.refused == (("me",),)
    assert not seen.nothing


def test_the_client_is_told_where_settings_say() -> None:
    operation = normalize(SCHEMA, parse("{ me { id } }"))
    found = {
        response: Rules(Demands(GRAPH), operation, response=response).visible((False,))
        for response in ("errors", "extensions", "disabled")
    }
    code = "UNAUTHORIZED_FIELD_OR_TYPE"
    (problem,) = found["errors"].problems()
    assert (problem.path, problem.extensions["code"]) == (("me",), code)
    assert [[each.silent for each in one.problems()] for one in found.values()] == [
        [False],
        [True],
        [True],
    ]
    assert [one.extensions for one in found.values()] == [
        {},
        {
            "authorizationErrors": [
                {
                    "message": "Unauthorized field or type",
                    "path": ["me"],
                    "extensions": {"code": code},
                }
            ]
        },
        {},
    ]


def test_callers_of_equal_rights_see_the_same_whatever_else_they_hold() -> None:
    rules = Rules(Demands(GRAPH), normalize(SCHEMA, parse("{ me { id } }")))
    other = Identity("usr_2", scopes=frozenset({"anything", "else"}))
    assert rules.met_by(SOMEBODY) == rules.met_by(other) == (True,)
    assert rules.met_by(ANONYMOUS) == (False,)


def test_a_hidden_field_keeps_its_place_in_the_answers_shape() -> None:
    shape = see("{ me { id } open }").shape.selections
    assert [(each.key, each.name) for each in shape.fields] == [
        ("me", "__hidden"),
        ("open", "open"),
    ]
