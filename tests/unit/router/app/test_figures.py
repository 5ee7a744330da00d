"""The metrics are where the settings put them, or the router does not start."""

import socket

import httpx
import pytest

from router.app.figures import Figures
from router.errors import ConfigurationError
from router.settings import Settings, read_settings
from router.telemetry.metrics import Metrics


def settings(port: int, more: str = "") -> Settings:
    on = f"{{enabled: true, listen: '127.0.0.1:{port}'{more}}}"
    return read_settings(
        f"telemetry: {{exporters: {{metrics: {{prometheus: {on}}}}}}}", {}
    )


async def test_a_listener_of_their_own_serves_them_and_leaves_with_the_router() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/figures"
    figures = Figures(settings(port, ", path: /figures"), Metrics())
    async with httpx.AsyncClient() as http:
        async with figures.served():
            assert "helpnest_router_reloads_total" in (await http.get(url)).text
        with pytest.raises(httpx.ConnectError):
            await http.get(url)


async def test_an_address_that_is_taken_refuses_to_start_and_names_the_key() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        figures = Figures(settings(taken.getsockname()[1]), Metrics())
        with pytest.raises(ConfigurationError, match=r"prometheus\.listen: 127"):
            async with figures.served():
                raise AssertionError
