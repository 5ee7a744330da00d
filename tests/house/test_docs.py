"""The documentation says what is so: its links lead somewhere, its codes exist."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest
from graphql import DirectiveLocation

from helpnest.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
ERRORS = ROOT / "docs" / "errors.md"

LOOKS_LIKE_A_CODE = re.compile(r"[A-Z]+(_[A-Z]+)+")
SHORT = {"INTERNAL", "UNAUTHENTICATED", "FORBIDDEN", "UNSATISFIABLE"}
"""Codes of one word; others of that form are methods, media and enums."""


def anchor(heading: str) -> str:
    """Name a heading as its page's reader does in a link.

    >>> anchor("What to do: `STALE`")
    'what-to-do-stale'
    """
    words = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return words.replace(" ", "-")


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken: list[str] = []
    for link in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = unquote(link).partition("#")
        target = page.parent / path if path else page
        if not target.exists():
            broken.append(link)
        elif fragment and target.suffix == ".md":
            headings = {anchor(found) for found in HEADING.findall(prose(target))}
            broken.extend([link] if fragment not in headings else [])
    assert broken == []


def test_every_page_is_found_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / link).resolve() for link in LINK.findall(prose(index))}
    decisions = ROOT / "docs" / "decisions"
    listed = {
        (decisions / link).resolve()
        for link in LINK.findall(prose(decisions / "README.md"))
    }
    pages = {path.resolve() for path in (ROOT / "docs").rglob("*.md")}
    assert pages - linked - listed - {index.resolve()} == set()


def documented(section: str) -> set[str]:
    """The codes in the first column of the tables under a heading."""
    _, _, rest = ERRORS.read_text().partition(f"\n## {section}\n")
    body = rest.partition("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", body, re.MULTILINE))


def strings(top: str) -> Iterator[str]:
    for path in (ROOT / top).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_top_level_error_is_documented_and_no_other() -> None:
    written = {text for top in ("kit", "router") for text in strings(top)}
    codes = {text for text in written if LOOKS_LIKE_A_CODE.fullmatch(text)}
    settings = {text for text in codes if text.startswith("HELPNEST_")}
    codes = codes - settings - set(DirectiveLocation.__members__) | (written & SHORT)
    assert documented("Top-level errors") == codes


DOMAINS = sorted(path.parent.name for path in (ROOT / "subgraphs").glob("*/errors.py"))


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_user_error_is_documented_and_no_other(domain: str) -> None:
    module = import_module(f"subgraphs.{domain}.errors")
    (codes,) = [
        vars(module)[name] for name in vars(module) if name.endswith("ErrorCode")
    ]
    assert documented(f"User errors of {domain}") == set(codes.__members__)


TELLING = sorted(path.parent.name for path in (ROOT / "subgraphs").glob("*/events.py"))


@pytest.mark.parametrize("domain", TELLING)
def test_every_kind_of_event_is_documented_and_no_other(domain: str) -> None:
    parts = [
        import_module(f"subgraphs.{domain}.{part}") for part in ("events", "models")
    ]
    (kinds,) = [
        value
        for part in parts
        for name, value in vars(part).items()
        if name.endswith("EventKind")
    ]
    page = (ROOT / "docs" / "events.md").read_text()
    row = re.search(rf"^\| `{domain[:-1]}EventFeed` \|.*\|(.*)\|$", page, re.MULTILINE)
    assert row is not None
    assert set(re.findall(r"`([A-Z_]+)`", row[1])) == set(kinds.__members__)


def test_every_setting_is_documented() -> None:
    operating = (ROOT / "docs" / "operating.md").read_text()
    names = {
        text
        for top in ("kit", "helpnest")
        for text in strings(top)
        if re.fullmatch(r"HELPNEST(_[A-Z]+)+", text)
    }
    assert {name for name in names if f"`{name}`" not in operating} == set()


def test_every_command_of_the_readme_exists() -> None:
    commands = {each.name or each.callback.__name__ for each in app.registered_commands}  # type: ignore[union-attr]
    used: set[str] = set()
    for page in PAGES:
        used |= set(re.findall(r"python -m helpnest ([a-z-]+)", page.read_text()))
    assert used <= commands


def test_every_make_target_of_the_docs_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    used: set[str] = set()
    for page in PAGES:
        used |= set(re.findall(r"`make ([a-z][a-z-]*)", page.read_text()))
    assert used <= targets
