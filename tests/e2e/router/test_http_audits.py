"""The public audits of GraphQL over HTTP, on a router that listens."""

from pathlib import Path

import pytest

from router.app import create_app
from router.settings import load_settings
from tests.support.node_clients import listening, run_script
from tests.support.routers import running_router
from tests.support.tokens import sign, verifier

ROOT = Path(__file__).parents[3]
ALL = 61

CALLERS = pytest.mark.parametrize(
    "token", [[], [sign("usr_1")]], ids=["stranger", "signed in"]
)


@CALLERS
async def test_every_audit_is_passed_without_a_warning(token: list[str]) -> None:
    async with (
        running_router(verifier=verifier()) as client,
        listening(client.app) as url,
    ):
        await audited(url, token)


@CALLERS
async def test_every_audit_is_passed_by_the_router_as_it_is_shipped(
    token: list[str],
) -> None:
    settings = load_settings(ROOT / "router" / "router.yaml", {})
    assert settings.helpnest.introspection == "signed_in"
    sdl = (ROOT / "schema" / "supergraph.graphql").read_text()
    app = create_app(settings, sdl, verifier=verifier())
    async with listening(app) as url:
        await audited(url, token)


async def audited(url: str, token: list[str]) -> None:
    """Run the audits; a warning is not an ok."""
    audits = await run_script("audits.mjs", url, *token)
    assert [each for each in audits if each["status"] != "ok"] == []
    assert len(audits) == ALL
