"""Addresses and names; tests/e2e starts the real thing."""

from pathlib import Path

import pytest

from helpnest.errors import CannotStartError
from helpnest.postgres import EmbeddedPostgres
from helpnest.postgres.server import checked, role_of


def test_each_domain_has_an_address_with_a_role_of_its_own(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path, ["tickets"])
    server.socket_folder = Path("/home/ada lovelace/run")
    assert server.url("tickets") == (
        "postgresql://helpnest_tickets@/tickets?host=%2Fhome%2Fada%20lovelace%2Frun"
    )


@pytest.mark.parametrize("name", ["", "Tickets", "a;b", 'a"b', "1st", "a" * 60])
def test_a_name_that_needs_quoting_is_refused(name: str) -> None:
    with pytest.raises(CannotStartError, match="cannot be the name of a database"):
        checked(name)


def test_a_role_is_told_by_its_domain() -> None:
    assert role_of("users") == "helpnest_users"


def test_a_server_that_was_never_started_does_not_run(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path, [])
    assert not server.is_running()
    server.stop()
    with pytest.raises(CannotStartError, match="not running"):
        _ = server.pid
