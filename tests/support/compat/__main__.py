"""``make compat``: HelpNest's supergraph behind Hive Gateway, beside its own router.

Starts every subgraph as a process of its own, our router and Hive Gateway (npm's, as
configured in deploy/hive-gateway), asks both the same, signed in and not, and compares
`data`, where a missing key counts as null. Needs npm's registry once.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from helpnest.composition.node import Node, find_node
from tests.support.audit import free_port, same
from tests.support.compat.operations import FAULTS, QUERIES
from tests.support.house import House
from tests.support.processes import ROOT, HelpNest, send, wait_until

HIVE = ROOT / "deploy" / "hive-gateway"
PROGRAM = HIVE / "node_modules/@graphql-hive/gateway/dist/bin.js"

OPEN = """
mutation Open($in: CreateTicketInput!) {
  createTicket(input: $in) {
    ticket { title requester { name } assignee { name } } userErrors { message }
  }
}
"""


def install(node: Node) -> None:
    """Install Hive Gateway as its lockfile says, once."""
    if not PROGRAM.exists():
        npm = [node.program, node.npm, "ci", "--no-audit", "--no-fund"]
        subprocess.run([*npm, "--ignore-scripts"], cwd=HIVE, check=True)  # noqa: S603 - our own command


@contextmanager
def hive(node: Node, nest: HelpNest) -> Generator[str]:
    """Run Hive Gateway over the subgraphs of ``nest``; give its URL."""
    port = free_port()
    ours = nest.environment()
    auth = ours["HELPNEST_AUTH_URL"].removesuffix("/graphql")
    env = {name: value for name, value in ours.items() if name.endswith("_URL")}
    env |= {
        "PATH": os.defpath,
        "HELPNEST_JWKS_URL": f"{auth}/auth/.well-known/jwks.json",
        "HELPNEST_ROUTER_SECRET": (nest.home / ".helpnest/router-secret").read_text(),
    }
    supergraph = str(ROOT / "schema" / "supergraph.graphql")
    where = ["-p", str(port), "-h", "127.0.0.1"]
    with (nest.home / "hive.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own arguments
            [node.program, str(PROGRAM), "supergraph", supergraph, *where],
            cwd=HIVE,
            env=env,
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(url), "Hive Gateway answered")
        yield url
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    """Tell whether somebody is ready there."""
    try:
        return httpx.get(f"{url}/readiness").is_success
    except httpx.HTTPError:
        return False


def compare(
    name: str, query: str, ours: httpx.Client, theirs: httpx.Client
) -> str | None:
    """Ask both; give what differs, or None."""
    left, right = send(ours, query), send(theirs, query)
    if name in FAULTS:
        failed = is_refusal(left) and is_refusal(right)
        return None if failed else f"ours: {left}\n  theirs: {right}"
    if left.get("errors") or not left.get("data"):
        return f"ours: {left}"
    if right.get("errors") or not same(sorted_names(right), sorted_names(left)):
        return f"ours: {left}\n  theirs: {right}"
    return None


def is_refusal(answer: Mapping[str, Any]) -> bool:
    """Tell whether an answer has errors and nothing else."""
    data: Mapping[str, Any] = answer.get("data") or {}
    return bool(answer.get("errors")) and not any(data.values())


def sorted_names(answer: Mapping[str, Any]) -> Any:
    """Put the fields of an introspected type in one order: they have none."""
    data: dict[str, Any] = dict(answer["data"])
    if "__type" in data:
        fields = sorted(data["__type"]["fields"], key=lambda each: each["name"])
        data["__type"] = {**data["__type"], "fields": fields}
    return data


def check(nest: HelpNest, house: House, url: str) -> list[str]:
    """Ask everything, and list what differs."""
    different: list[str] = []
    with nest.client() as ours:
        token = ours.headers["authorization"]
        theirs = httpx.Client(
            base_url=url, headers={"authorization": token}, timeout=30.0
        )
        with theirs:
            made = [opened(each, house) for each in (ours, theirs) * 4]
            if any(each != made[0] for each in made):
                different.append(f"mutations: {made}")
            for name, query in {**QUERIES, **FAULTS}.items():
                found = compare(name, query, ours, theirs)
                print("same" if found is None else "DIFFERENT", "·", name)  # noqa: T201
                different += [] if found is None else [f"{name}:\n  {found}"]
    for kind, bad in (
        ("no token", None),
        ("no token at all like one", "Bearer a.b.c"),
        ("a token with another signature", tampered(token)),
    ):
        said = refused(url, bad), refused(nest.url, bad)
        print("refused" if all(said) else "TAKEN", "·", kind)  # noqa: T201
        different += [] if all(said) else [f"{kind} was taken: {said}"]
    return different


def opened(client: httpx.Client, house: House) -> Any:
    """Open a ticket; give what does not differ from ticket to ticket."""
    people = house.people
    given = {
        "type": "INCIDENT",
        "title": "Printer on fire",
        "requesterId": people["dot"],
    }
    answer = send(client, OPEN, {"in": {**given, "assigneeId": people["cem"]}})
    return answer["data"]["createTicket"]


def tampered(token: str) -> str:
    """Change a character in the middle of a token's signature."""
    head, _, signature = token.rpartition(".")
    swapped = "A" if signature[20] != "A" else "B"
    return f"{head}.{signature[:20]}{swapped}{signature[21:]}"


def refused(url: str, token: str | None) -> bool:
    """Tell whether somebody with this token learns nothing."""
    headers = {} if token is None else {"authorization": token}
    query = {"query": "{ tickets(first: 1) { nodes { title } } }"}
    answer = httpx.post(f"{url}/graphql", json=query, headers=headers)
    return "Printer" not in answer.text and bool(answer.json()["errors"])


def main() -> int:
    """Run both, compare, and say what came of it."""
    node = find_node()
    install(node)
    home = Path(tempfile.mkdtemp(prefix="helpnest-compat-"))
    home.chmod(0o755)
    nest = HelpNest(home, separate=True)
    try:
        nest.up()
        house = nest.settle()
        with hive(node, nest) as url:
            different = check(nest, house, url)
    finally:
        nest.end()
        shutil.rmtree(home, ignore_errors=True)
    print(*different, sep="\n")  # noqa: T201
    total = len(QUERIES) + len(FAULTS)
    print(f"{total} operations asked of both, {len(different)} differences")  # noqa: T201
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
