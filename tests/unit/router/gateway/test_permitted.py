"""What may not be run at all is refused before anybody is asked."""

import pytest

from kit.guard import GraphQLRequest
from kit.identity import ANONYMOUS
from router.gateway.asked import Asked
from router.gateway.permitted import refuse_kind
from router.gateway.refusals import RefusedError
from router.settings import read_settings
from tests.support.asgi import TOKEN
from tests.support.followers import JSON_ONLY, asking, code
from tests.support.following import following
from tests.support.streams import streaming


@pytest.mark.parametrize(
    ("kind", "read_only", "code"),
    [
        ("mutation", True, "METHOD_NOT_ALLOWED"),
        ("subscription", False, "SUBSCRIPTION_BAD_HEADER"),
        ("subscription", True, "SUBSCRIPTION_BAD_HEADER"),
    ],
)
def test_kinds_need_their_own_way(kind: str, read_only: bool, code: str) -> None:
    asked = Asked(GraphQLRequest("{a}"), ANONYMOUS, read_only=read_only)
    with pytest.raises(RefusedError) as caught:
        refuse_kind(read_settings("", {}), kind, asked)
    assert caught.value.errors[0]["extensions"]["code"] == code


def test_mutations_pass_by_post_and_queries_by_both() -> None:
    for kind, read_only in [("mutation", False), ("query", False), ("query", True)]:
        asked = Asked(GraphQLRequest("{a}"), ANONYMOUS, read_only=read_only)
        refuse_kind(read_settings("", {}), kind, asked)


async def test_a_dry_run_of_a_subscription_is_one_answer_and_opens_nothing() -> None:
    dry = (b"apollo-expose-query-plan", b"dry-run")
    async with following("helpnest: {expose_query_plan: signed_in}") as graph:
        async with streaming(
            graph.app, asking(), [TOKEN, dry], accept=JSON_ONLY
        ) as answer:
            status, found = answer.status, await answer.body()
        async with streaming(graph.app, asking(), [TOKEN], accept=JSON_ONLY) as answer:
            refused = answer.status, code(await answer.body())
        assert graph.subgraphs["tickets"].calls == 0
    assert (status, found["data"]) == (200, None)
    assert "ticketChanged" in found["extensions"]["apolloQueryPlan"]["text"]
    assert refused == (406, "SUBSCRIPTION_BAD_HEADER")
