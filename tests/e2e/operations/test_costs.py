"""Each query of schema/operations costs what tried.yaml says, however long its lists.

It is asked of a desk with a few of everything and of one with many: the requests to
each subgraph and the statements that each sends are the same.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio

from kit.database import database
from kit.identity import ANONYMOUS
from router.app.requests import new_request_id
from tests.support.desk import Desk, filled
from tests.support.operations.read import Tried, queries, tried
from tests.support.postgres import Databases
from tests.support.stack import running_graph, trusting_verifier

FEW, MANY = 2, 5

SECOND, TRIES, REVOKED = 1.1, 5, "The token was revoked."
"""Tokens of the second in which their rights were changed are worth nothing, and a busy
machine may tell of the change late: the next second's are."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[FEW, MANY])
async def desk(
    request: pytest.FixtureRequest, databases: Databases
) -> AsyncGenerator[Desk]:
    """A desk that the tests of this file only read.

    With one connection to read with, answers come in the order in which they were
    asked for, so that what is asked for together does not depend on chance.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "READ_CONNECTIONS", 1)
        async with running_graph(databases.copy, trust=trusting_verifier()) as graph:
            desk = await filled(graph, request.param)
            await asyncio.sleep(SECOND)
            yield desk


def forget(desk: Desk) -> None:
    """Forget where callers stand, as four seconds do."""
    service = desk.office.graph.stack.services["tickets"]
    make: Any = service.graphql.make_context
    context = make(ANONYMOUS, service.database, None)
    context.standings.forget()
    context.teams.memory.forget()


def spelled(given: Any, words: dict[str, str]) -> Any:
    """Put ids in the places of words."""
    if isinstance(given, dict):
        return {name: spelled(value, words) for name, value in given.items()}
    if isinstance(given, list):
        return [spelled(value, words) for value in given]
    return words.get(given, given)


@pytest.mark.parametrize(("name", "entry"), tried().items(), ids=tried())
async def test_a_query_costs_the_same_for_many_as_for_few(
    desk: Desk, name: str, entry: Tried
) -> None:
    graph = desk.office.graph
    text = queries()[name.split(maxsplit=1)[0]].text
    variables = spelled(entry.variables, desk.words)
    answer: dict[str, Any] = {}
    for _ in range(TRIES):
        its = new_request_id().decode()
        headers = {**desk.office.headers(entry.role), "x-request-id": its}
        forget(desk)
        with graph.counted(its):
            answer = (await graph.post(text, variables, headers)).json()
        if REVOKED not in str(answer.get("errors", "")):
            break
        await asyncio.sleep(SECOND)
    assert "errors" not in answer
    asked = {domain: sent for domain, sent in graph.requests.items() if sent}
    sent = {domain: len(graph.statements[domain]) for domain in asked}
    assert (asked, sent) == (entry.requests, entry.statements), graph.statements
