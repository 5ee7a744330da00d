"""Which processes there are, and what each is told."""

import os
import socket

import pytest

from helpnest.errors import CannotStartError
from helpnest.separate import check_ports, children_of, own, ports_of
from helpnest.settings import StackSettings
from helpnest.supergraph import domains

URLS = {name: f"postgresql://db/{name}" for name in domains()}


def test_each_part_listens_on_a_port_of_its_own_the_router_last() -> None:
    ports = ports_of(StackSettings(port=4100))
    assert list(ports)[-1] == "router"
    assert ports["router"] == 4100
    assert len(set(ports.values())) == len(ports)


def test_a_part_is_told_where_to_listen_and_with_whom_to_end() -> None:
    tickets = next(c for c in children_of(StackSettings(), URLS) if c.name == "tickets")
    port = ports_of(StackSettings())["tickets"]
    assert " ".join(tickets.arguments) == (
        f"serve tickets --port {port} --parent {os.getpid()} --host 127.0.0.1"
    )


def test_a_part_knows_its_own_database_alone_and_the_router_none() -> None:
    known = {
        c.name: [v for k, v in c.environment.items() if k.endswith("DATABASE_URL")]
        for c in children_of(StackSettings(), URLS)
    }
    assert known == {name: [url] for name, url in URLS.items()} | {"router": []}


def test_every_part_asks_auth_itself_for_keys() -> None:
    port = ports_of(StackSettings())["auth"]
    children = children_of(StackSettings(), URLS)
    asked = {child.environment["HELPNEST_JWKS_URL"] for child in children}
    assert asked == {f"http://127.0.0.1:{port}/auth/.well-known/jwks.json"}


def test_a_taken_port_of_a_subgraph_says_how_to_move_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(
            "helpnest.separate.ports_of", lambda _: {"users": port, "router": 0}
        )
        with pytest.raises(CannotStartError) as refusal:
            check_ports(StackSettings())
    assert str(refusal.value) == (
        f"Port {port}, where users would listen, cannot be had: it is taken by another "
        "program. Stop that one, or choose another address: "
        f"HELPNEST_USERS_URL=http://127.0.0.1:{port + 1000}/graphql."
    )


@pytest.mark.parametrize(
    ("name", "kept"),
    [("users", {"HELPNEST_USERS_DATABASE_URL", "PATH"}), ("router", {"PATH"})],
)
def test_what_is_not_ones_own_is_taken_out(name: str, kept: set[str]) -> None:
    env = {
        "HELPNEST_USERS_DATABASE_URL": "u",
        "HELPNEST_AUTH_DATABASE_URL": "a",
        "HELPNEST_AUTH_KEY_SECRET": "k",
        "PATH": "/bin",
    }
    assert set(own(env, name, ["auth", "users"])) == kept
