"""Each command prints its stage; what is wrong is said in a sentence."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from router.cli.commands import app, main
from router.cli.serve import address_of
from router.cli.start import options
from router.errors import ConfigurationError
from tests.support.routers import SDL

QUERY = "query Q { tickets { ...T } } fragment T on Ticket { title assignee { name } }"


CONTEXTS = Path(__file__).parents[1] / "supergraphs" / "context.graphql"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "s.graphql").write_text(SDL)
    (tmp_path / "q.graphql").write_text(QUERY)
    return {"s": str(tmp_path / "s.graphql"), "q": str(tmp_path / "q.graphql")}


def run(*arguments: str) -> str:
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 0, found.output
    return found.output


def test_supergraph_says_who_resolves_what(files: dict[str, str]) -> None:
    lines = run("supergraph", "-s", files["s"]).splitlines()
    assert "subgraph users http://users.invalid/graphql" in lines
    assert "object User: tickets @key('id'), users @key('id')" in lines
    assert "  name String!: users" in lines


def test_supergraph_says_where_arguments_are_read_from() -> None:
    lines = run("supergraph", "-s", str(CONTEXTS)).splitlines()
    ticket = lines.index("object Ticket: a @key('id'), b @key('id')")
    assert lines[ticket + 1 : ticket + 3] == [
        "  context a__place",
        "  context a__seller",
    ]
    price = "  price String: a (currency: String from context a__place '{ currency }')"
    assert price in lines


def test_graph_is_a_drawing_of_entities_and_keys(files: dict[str, str]) -> None:
    drawn = run("graph", "-s", files["s"])
    assert drawn.startswith("flowchart LR\n")
    assert '  s0_User -. "@key id" .-> s1_User\n' in drawn
    assert "Ticket" not in drawn


def test_normalize_resolves_fragments(files: dict[str, str]) -> None:
    assert run("normalize", files["q"], "-s", files["s"]) == (
        "query Q {\n  tickets {\n    title\n    assignee {\n      name\n    }\n  }\n}\n"
    )


def test_paths_list_every_way_to_every_leaf(files: dict[str, str]) -> None:
    assert run("paths", files["q"], "-s", files["s"]).splitlines() == [
        "Ticket.title",
        "  wave 1, +1: tickets → tickets.tickets",
        "User.name",
        "  wave 2, +2: users by @key('id')",
    ]


def test_plan_prints_federations_text_form(files: dict[str, str]) -> None:
    drawn = run("plan", files["q"], "-s", files["s"])
    assert drawn.startswith('QueryPlan {\n  Sequence {\n    Fetch(service: "tickets")')
    assert 'Flatten(path: "tickets.@.assignee")' in drawn


def test_run_answers_and_traces(files: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "router.yaml"
    config.write_text("override_subgraph_url: {tickets: 'http://127.0.0.1:9'}")
    found = run("run", files["q"], "-s", files["s"], "-c", str(config), "--trace")
    assert '"service": "tickets"' in found
    assert "requests in" in found


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["plan", "q", "-s", "nowhere.graphql"], "nowhere.graphql"),
        (["normalize", "bad", "-s", "s"], "Cannot query field 'nothing'"),
        (["normalize", "broken", "-s", "s"], "Syntax Error"),
        (["supergraph", "-s", "q"], "not a supergraph"),
        (["serve", "-s", "s", "-c", "wrong"], "did you mean limits"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    *,
    arguments: list[str],
    says: str,
    files: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, text in (
        ("bad", "{ nothing }"),
        ("broken", "{"),
        ("wrong", "limitz: {}"),
    ):
        (tmp_path / name).write_text(text)
        files[name] = str(tmp_path / name)
    given = [files.get(each, each) for each in arguments]
    monkeypatch.setattr(sys, "argv", ["router", *given])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told


@pytest.mark.parametrize("listen", ["4000", "host", "host:", "host:x"])
def test_an_address_without_a_port_is_none(listen: str) -> None:
    with pytest.raises(ConfigurationError, match="not host:port"):
        address_of(listen)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_serve_is_up_soon_small_and_stops_when_told(files: dict[str, str]) -> None:
    port = free_port()
    command = [sys.executable, "-m", "router", "serve", "-s", files["s"]]
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--port", str(port)], stderr=subprocess.PIPE
    )
    try:
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/health")
                break
            except httpx.ConnectError:
                assert time.monotonic() - began < 60
                time.sleep(0.02)
        assert answer.json() == {"status": "UP"}
        status = Path(f"/proc/{process.pid}/status")
        if status.exists():
            resident = next(
                line for line in status.read_text().splitlines() if "VmRSS" in line
            )
            assert int(resident.split()[1]) < 80 * 1024
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode in {0, -15}


@pytest.mark.parametrize("port", ["99999", "65536", "-1", "x", "4e3"])
def test_what_is_no_port_is_refused_and_not_taken_for_another(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        options().parse_args([f"--port={port}"])
    assert ended.value.code == 2
    assert f"argument --port: {port!r} is no port" in capsys.readouterr().err
