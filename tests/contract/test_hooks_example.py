"""The example of docs/hooks.md does what the page says."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.routers import running_router

PAGE = Path(__file__).parents[2] / "docs" / "hooks.md"
YAML = "hooks: {module: hooks_of_the_page}"


@pytest.fixture(autouse=True)
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    module = ModuleType("hooks_of_the_page")
    exec(code, vars(module))  # noqa: S102 - our own page
    monkeypatch.setitem(sys.modules, "hooks_of_the_page", module)


async def test_the_tenant_goes_to_the_subgraphs_and_back() -> None:
    async with running_router(YAML) as client:
        answer = await client.post(
            {"query": "{ tickets { title } }"}, {"x-tenant": "a"}
        )
        assert client.subgraphs["tickets"].headers[0]["x-tenant"] == "a"
    assert answer.status_code == 200
    assert answer.headers["x-tenant"] == "a"


async def test_a_read_only_tenant_changes_nothing() -> None:
    mutation = 'mutation { close(id: "1") { id } }'
    async with running_router(YAML) as client:
        answer = await client.post({"query": mutation}, {"x-tenant": "archive"})
        assert client.subgraphs["tickets"].asked == []
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["extensions"]["code"] == "TENANT_READ_ONLY"
        other = await client.post({"query": mutation}, {"x-tenant": "a"})
        assert other.json()["data"] == {"close": {"id": "1"}}
