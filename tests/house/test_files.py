"""What no linter knows about files: how long, where, how many."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 300
CODE = ("jit", "kit", "router", "subgraphs", "helpnest", "tests", "bench", "frontend")
WRITTEN = {".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".scss", ".html"}
NOT_OURS = {
    "node_modules",
    "dist",
    "__pycache__",
    ".angular",
    "generated",  # made from schema/api.graphql
}
# Unit tests mirror these; a test that reaches further lives in contract/ or e2e/.
MIRRORED = ("jit", "kit", "router", "subgraphs", "helpnest")

SUBGRAPH = {
    "app",
    "context",
    "errors",
    "loaders",
    "models",
    "mutations",
    "policy",
    "queries",
    "repository",
    "schema",
    "service",
    "types",
}
OPTIONAL = {"events", "subscriptions"}

# Kit stays small: a file joins it by joining this list, and says why in review.
KIT = {
    "app",  # schema + loaders → a service
    "asked",  # what a request's head says
    "connection",  # requests that go past ASGI, the router's too
    "comparators",  # the filter inputs of every domain
    "database",  # sessions and units of work; reads on asyncpg
    "endpoint",  # POST /graphql as bare ASGI
    "engine",  # text and variables → bytes
    "entities",  # representations → entities
    "errors",  # what a client may see
    "filters",  # filter inputs → SQL by shape
    "garbage",  # when Python looks for garbage
    "graphql",  # the schema factory
    "guard",  # bodies that are no GraphQL request
    "idempotency",  # a write that is sent twice
    "identity",  # who is asking
    "ids",  # opaque global ids
    "key_set",  # a JWKS document → keys, each pinned to one algorithm
    "keys",  # keys and revocations, in the background
    "limits",  # what a document weighs
    "loaders",  # batched reads
    "logs",  # structured logs, nothing secret in them
    "migrations",  # one domain's Alembic
    "outbox",  # events: written, fed, followed
    "own_graph",  # asking other domains in the service's own name
    "pagination",  # keyset pages
    "patience",  # how long bodies and clients are waited for
    "proof",  # that a request came through the router
    "public_graph",  # asking other domains
    "rounds",  # periodic work, claimed by one process at a time
    "rows",  # objects that show rows as they are
    "scalars",  # instants, durations, JSON
    "short",  # a POST whose head is known → its answer
    "settings",  # the only reader of the environment
    "streams",  # many answers to one request: mailboxes, framing, WebSocket
    "tokens",  # JWT → Identity
    "types",  # Node, UserError, connections
    "writes",  # how a mutation runs
}


def sources() -> Iterator[Path]:
    """Every file that people write, and that tools read."""
    for top in CODE:
        for folder, folders, names in os.walk(ROOT / top):
            folders[:] = sorted(set(folders) - NOT_OURS)
            for name in sorted(names):
                path = Path(folder, name)
                if path.suffix in WRITTEN:
                    yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


SOURCES = list(sources())


def test_a_file_fits_in_one_reading() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: n for path, n in lengths.items() if n > LONGEST} == {}


def test_nothing_is_left_to_be_done() -> None:
    # Spelled apart, or this line would be one.
    left = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    found = [
        f"{name(path)}:{number}"
        for path in [*SOURCES, *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if left.search(line)
    ]
    assert found == []


def test_every_unit_test_stands_where_its_module_does() -> None:
    strays: list[str] = []
    for path in (ROOT / "tests" / "unit").rglob("test_*.py"):
        inside = path.relative_to(ROOT / "tests" / "unit")
        module = ROOT / inside.parent / path.name.removeprefix("test_")
        package = module.with_suffix("")
        whole = (ROOT / inside.parent).with_suffix(".py")  # a module with many tests
        if not any(p.is_file() for p in (module, package / "__init__.py", whole)):
            strays.append(name(path))
    assert strays == []


def test_unit_tests_mirror_nothing_else() -> None:
    tops = {path.name for path in (ROOT / "tests" / "unit").iterdir() if path.is_dir()}
    assert tops - {"__pycache__"} <= set(MIRRORED)


DOMAINS = sorted(
    path.parent.name for path in (ROOT / "subgraphs").glob("*/__init__.py")
)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_subgraph_has_the_same_parts(domain: str) -> None:
    folder = ROOT / "subgraphs" / domain
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert (files | packages) - OPTIONAL == SUBGRAPH
    assert files & packages == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_subgraph_has_migrations_and_a_schema_of_its_own(domain: str) -> None:
    assert (ROOT / "migrations" / domain / "env.py").is_file()
    assert list((ROOT / "migrations" / domain / "versions").glob("0001_*.py"))
    assert (ROOT / "schema" / f"{domain}.graphql").is_file()


def test_kit_holds_what_all_share_and_no_more() -> None:
    folder = ROOT / "kit"
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files | packages == KIT


def test_every_source_begins_by_saying_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in SOURCES
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] != "tests"
        and not re.match(r'(#![^\n]*\n)?(r?""")', path.read_text())
    ]
    assert silent == []
