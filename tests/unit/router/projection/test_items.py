from router.errors import Problem
from router.projection.items import divided, places

SEEN = {"tickets": [{"id": "1"}, None, {"id": "3"}], "user": None}


def test_every_object_that_the_client_has_gets_its_own() -> None:
    found = {"tickets": [{"a": 1}, {"a": 2}, None]}
    assert list(places(SEEN, found, ("tickets",))) == [
        (("tickets", 0), {"id": "1"}, {"a": 1}),
        (("tickets", 2), {"id": "3"}, None),
    ]


def test_what_the_client_does_not_have_gets_nothing() -> None:
    assert list(places(SEEN, {"user": {"name": "Ada"}}, ("user",))) == []
    assert list(places(SEEN, {}, ("missing", "below"))) == []


def test_the_root_is_a_place_too() -> None:
    assert list(places({}, {"a": 1}, ())) == [((), {}, {"a": 1})]


def test_an_error_goes_with_the_object_below_which_it_lies() -> None:
    mine, other = Problem("m", ("tickets", 0, "a")), Problem("o", ("tickets", 2, "a"))
    above = Problem("up", ("tickets",))
    problems = [mine, other, above]
    assert divided(problems, ("tickets", 0), last=False) == ([mine], [other, above])
    assert divided(problems, ("tickets", 2), last=True) == ([other, above], [mine])
