"""What is in use is known to the next gateway, for each kind of caller."""

from typing import Any

from kit.guard import GraphQLRequest
from kit.identity import ANONYMOUS, Identity
from router.gateway.opening import open_gateway
from router.gateway.pipeline import Asked, Gateway
from router.gateway.warm import uses_of, warm
from router.settings import read_settings
from tests.support.routers import SDL, subgraphs

EMAILS = "query E { tickets { assignee { email } } }"
TITLES = "{ tickets { title } }"


def opened(yaml: str = "") -> Gateway:
    transports: Any = subgraphs()
    return open_gateway(read_settings(yaml, {}), SDL, transports)


async def used() -> Gateway:
    gateway = opened()
    reader = Identity("usr_1", scopes=frozenset({"users:read"}))
    for who, text in ((ANONYMOUS, EMAILS), (reader, EMAILS), (ANONYMOUS, TITLES)):
        for _ in range(3 if text == TITLES else 1):
            await gateway.answer(Asked(GraphQLRequest(text), who))
    return gateway


async def test_the_most_used_come_first_with_each_kind_of_caller() -> None:
    first, second = uses_of(await used(), 10)
    assert (first.text, first.used, first.operations) == (
        TITLES,
        3,
        [(None, ANONYMOUS)],
    )
    assert (second.text, second.used) == (EMAILS, 2)
    assert [who.scopes for _, who in second.operations] == [
        frozenset(),
        frozenset({"users:read"}),
    ]


async def test_no_more_than_asked_for_are_taken() -> None:
    assert [use.text for use in uses_of(await used(), 1)] == [TITLES]


async def test_the_next_gateway_has_a_plan_for_each() -> None:
    old, new = await used(), opened()
    assert warm(new, uses_of(old, 10)) == 3
    assert len(new.operations) == len(old.operations) == 3
    assert new.documents.most_used(1)[0].used == 3


async def test_what_the_next_one_refuses_is_passed_over() -> None:
    new = opened("limits: {max_depth: 2}")
    assert warm(new, uses_of(await used(), 10)) == 1
