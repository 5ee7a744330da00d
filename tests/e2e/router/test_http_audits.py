"""The public audits of GraphQL over HTTP, on a router that listens."""

import pytest

from tests.support.node_clients import listening, run_script
from tests.support.routers import running_router
from tests.support.tokens import sign, verifier

ALL = 61


@pytest.mark.parametrize("token", [[], [sign("usr_1")]], ids=["stranger", "signed in"])
async def test_every_audit_is_passed_without_a_warning(token: list[str]) -> None:
    async with (
        running_router(verifier=verifier()) as client,
        listening(client.app) as url,
    ):
        audits = await run_script("audits.mjs", url, *token)
    assert [each for each in audits if each["status"] != "ok"] == []
    assert len(audits) == ALL
