"""Who follows docs/adding-a-subgraph.md to the letter gets a domain that fits."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpnest.composition.node import is_installed

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "adding-a-subgraph.md"
BLOCK = re.compile(r"^```\w+\n# (\S+/\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^python -m helpnest (new-subgraph .*)$", re.MULTILINE)
PARTS = (
    *("jit", "kit", "router", "subgraphs", "helpnest", "migrations", "schema"),
    *("docs", "tests", "pyproject.toml", "supergraph.yaml", "docker-compose.yml"),
    *("package.json", "package-lock.json", "README.md", "Dockerfile", ".dockerignore"),
)
COMPOSED = ("supergraph.graphql", "api.graphql")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the tree that may be changed."""
    for name in PARTS:
        if (ROOT / name).is_dir():
            unread = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, tmp_path / name, ignore=unread)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    if is_installed():
        (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def run(checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=checkout,
        env={"PATH": os.defpath, "HOME": str(checkout), "COLUMNS": "200"},
    )


def texts(checkout: Path) -> dict[str, str]:
    """Every file, but what Python and its tools keep for themselves."""
    found = {str(path.relative_to(checkout)): path for path in checkout.rglob("*")}
    return {
        name: path.read_text(errors="replace")
        for name, path in found.items()
        if path.is_file() and not re.search(r"__pycache__|node_modules|_cache/", name)
    }


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name, text in before.items() if after.get(name) != text}


def succeeds(done: "subprocess.CompletedProcess[str]") -> None:
    __tracebackhide__ = True
    assert done.returncode == 0, f"\n{done.stdout}\n{done.stderr}"


def check(checkout: Path, domain: str, *tests: str) -> None:
    """Run what every domain must pass, and its own tests."""
    contract = "tests/contract"
    succeeds(
        run(
            checkout,
            *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
            *("-k", f"{domain} or containers or shared_definitions"),
            *("tests/house", f"{contract}/test_migrations_in_step.py"),
            *(f"{contract}/test_containers.py", f"{contract}/test_shared.py"),
            *(f"{contract}/test_entities.py", f"{contract}/test_strangers.py"),
            *(f"tests/unit/subgraphs/{domain}", f"tests/e2e/{domain}", *tests),
        )
    )
    whole = [f"{contract}/test_rights.py", f"{contract}/test_nodes.py"]
    quiet = ("-q", "-p", "no:cacheprovider")
    succeeds(run(checkout, "-m", "pytest", *quiet, *whole))
    own = [f"subgraphs/{domain}", f"tests/e2e/{domain}", f"migrations/{domain}"]
    own.append(f"tests/unit/subgraphs/{domain}")
    succeeds(run(checkout, "-m", "ruff", "check", "-q", "--no-cache", *own))
    succeeds(run(checkout, "-m", "ruff", "format", "-q", "--check", "--no-cache", *own))


def test_who_follows_the_page_gives_tickets_a_field_and_touches_no_domain(
    checkout: Path,
) -> None:
    before = texts(checkout)
    (command,) = COMMAND.findall(PAGE.read_text())
    succeeds(run(checkout, "-m", "helpnest", *command.split()))
    for name, text in BLOCK.findall(PAGE.read_text()):
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    entries = {"supergraph.yaml", "docker-compose.yml", "docs/errors.md"}
    entries |= {"subgraphs/node/models.py", "schema/node.graphql"}
    if is_installed():
        succeeds(run(checkout, "-m", "helpnest", "compose"))
        entries |= {f"schema/{name}" for name in COMPOSED}
        api = (checkout / "schema" / "api.graphql").read_text()
        ticket = re.search(r"^type Ticket .*?^}", api, re.DOTALL | re.MULTILINE)
        assert ticket is not None
        assert "\n  assets: [Asset!]\n" in ticket[0]
        check(checkout, "assets", "tests/contract/test_schema_in_step.py")
    assert changed(before, texts(checkout)) == entries


def test_a_domain_passes_the_house_rules_as_the_command_makes_it(
    checkout: Path,
) -> None:
    name = "maintenancecontracts"
    succeeds(run(checkout, "-m", "helpnest", "new-subgraph", name))
    if is_installed():
        check(checkout, name, "tests/contract/test_schema_in_step.py")
    else:
        check(checkout, name)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["users"], "There is a domain 'users' already: subgraphs/users."),
        (["asset"], "'asset' does not read as a plural noun."),
        (["../users"], "'../users' is no name for a domain"),
        (["services"], "Service is the domain 'tickets''s already."),
        (["wombats", "--prefix", "tkt"], "Ids that begin with 'tkt_' are in use"),
        (["wombats", "--prefix", "x"], "'x' is no prefix for ids"),
        (["people"], "--singular asset"),
    ],
)
def test_a_name_that_cannot_be_taken_gets_a_sentence_and_nothing_changes(
    checkout: Path, arguments: list[str], says: str
) -> None:
    before = texts(checkout)
    done = run(checkout, "-m", "helpnest", "new-subgraph", *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("✗ ")
    assert says in done.stderr
    assert texts(checkout) == before


def test_a_domain_that_does_not_fit_leaves_nothing_behind(checkout: Path) -> None:
    """The SDL of another domain is broken, so the new one cannot be composed."""
    broken = checkout / "subgraphs" / "users" / "schema.py"
    broken.write_text("raise OSError('broken on purpose')\n")
    (checkout / "migrations" / "wombats.py").write_text("kept = True\n")
    before = texts(checkout)
    done = run(checkout, "-m", "helpnest", "new-subgraph", "wombats")
    assert done.returncode == 1
    if is_installed():
        assert "'wombats' was not made, and nothing has changed" in done.stderr
        assert texts(checkout) == before


def test_every_part_of_a_subgraph_is_on_the_page() -> None:
    page = PAGE.read_text()
    shown = {Path(name).stem for name, _ in BLOCK.findall(page)}
    shown |= {part for part in ("events", "subscriptions") if f"`{part}.py`" in page}
    parts = {
        path.stem
        for path in (ROOT / "subgraphs" / "users").iterdir()
        if not path.name.startswith("__")
    }
    assert parts <= shown
