"""Taking a port, and the sentences when it cannot be had."""

import socket

import pytest

from helpnest.errors import CannotStartError
from helpnest.serve import listen


def test_a_free_port_is_taken() -> None:
    with listen("127.0.0.1", 0) as taken:
        assert taken.getsockname()[1] > 0


def test_a_taken_port_says_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotStartError) as refusal:
            listen("127.0.0.1", port)
    assert str(refusal.value) == (
        f"Port {port} is taken by another program. Stop that one, or choose another "
        f"port: PORT={port + 1} make up."
    )


def test_a_host_of_another_machine_says_what_always_works() -> None:
    with pytest.raises(CannotStartError, match=r"Choose another HOST; 127\.0\.0\.1"):
        listen("192.0.2.1", 0)
