"""What a person sees who starts it, whole processes each."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def helpnest(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "helpnest", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": os.defpath, "COLUMNS": "200", **env},
    )


@pytest.mark.parametrize("mode", [[], ["--separate"]])
def test_a_taken_port_gets_a_sentence_and_nothing_is_started(
    mode: list[str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = helpnest("up", *mode, PORT=port, HELPNEST_HOME=str(home))
    assert done.returncode == 1
    assert done.stderr == (
        f"✗ Port {port} is taken by another program. Stop that one, or choose another "
        f"port: PORT={int(port) + 1} make up.\n"
    )
    assert not home.exists()


def test_a_port_that_is_none_gets_a_sentence() -> None:
    done = helpnest("up", PORT="http")
    assert (done.returncode, done.stderr) == (
        1,
        "✗ PORT is 'http'; it takes a number from 0 to 65535.\n",
    )


def test_a_part_without_its_database_names_the_variable() -> None:
    done = helpnest("serve", "users", "--port", "0")
    assert done.returncode == 1
    assert "HELPNEST_USERS_DATABASE_URL is not set" in done.stderr


def test_help_names_the_commands() -> None:
    shown = helpnest("--help").stdout
    for command in ("up", "serve", "migrate", "compose"):
        assert f" {command} " in shown
