from pathlib import Path

import httpx
import pytest

from helpnest import console
from helpnest.console import Console


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>the graph</title>")
    (tmp_path / "assets" / "main-1a2b.js").write_text("void 0")
    return tmp_path


def asking(folder: Path) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=Console(folder))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_the_page_is_served_under_a_policy_that_names_no_other_host(
    built: Path,
) -> None:
    async with asking(built) as client:
        page = await client.get("/graphiql/")

    assert (page.status_code, page.text) == (200, "<title>the graph</title>")
    assert page.headers["cache-control"] == "no-cache"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


async def test_hashed_files_may_be_kept_and_unknown_ones_are_not_found(
    built: Path,
) -> None:
    async with asking(built) as client:
        script = await client.get("/graphiql/assets/main-1a2b.js")
        nothing = await client.get("/graphiql/../../pyproject.toml")

    assert script.headers["cache-control"].endswith("immutable")
    assert nothing.status_code == 404


async def test_the_address_without_its_slash_leads_to_the_page(built: Path) -> None:
    async with asking(built) as client:
        assert (await client.get("/graphiql")).headers[
            "location"
        ] == "http://test/graphiql/"


def test_a_changed_source_makes_another_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "console" / "src").mkdir(parents=True)
    (tmp_path / "package-lock.json").write_text("{}")
    source = tmp_path / "console" / "src" / "main.tsx"
    source.write_text("one")
    monkeypatch.setattr(console, "FRONTEND", tmp_path)
    before = console.fingerprint()

    source.write_text("two")
    changed = console.fingerprint()
    (tmp_path / "console" / "dist").mkdir()
    (tmp_path / "console" / "dist" / "built.js").write_text("built")

    assert before != changed
    assert console.fingerprint() == changed
