from pathlib import Path
from typing import Any

import orjson
import pytest

from helpnest.errors import CannotStartError
from helpnest.people import PAGE, Report, Sheet, bring_in, managers_first, read_sheet
from helpnest.replay.client import Credentials, PublicGraphClient, Reply


def test_a_manager_comes_before_their_people_however_deep() -> None:
    header = ["Email", "manager"]
    chain = {n: [f"p{n}@x", f"p{n + 1}@x"] for n in range(2, 300)}
    order = managers_first(Sheet(header, chain))
    assert order == sorted(chain, reverse=True)
    circle = {2: ["a@x", "b@x"], 3: ["b@x", "a@x"], 4: ["c@x", "a@x"]}
    assert sorted(managers_first(Sheet(header, circle))) == [2, 3, 4]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("email\nJürgen@x\n".encode("latin-1"), "not UTF-8, from line 2"),
        ("email\n".encode("utf-16"), "is UTF-16"),
        (b'email\n"a@x\n', "is no CSV"),
        (b"", "is empty"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, raw: bytes, said: str) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(raw)
    with pytest.raises(CannotStartError, match=said):
        read_sheet(file)


def test_a_mark_of_byte_order_and_blank_rows_are_nothing(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b"\xef\xbb\xbfemail;name\r\n;\r\na@x;A\r\n")
    assert read_sheet(file) == Sheet(["email", "name"], {3: ["a@x", "A"]})


class Graph:
    """Plays the router: adds everybody, and keeps what it was sent."""

    def __init__(self) -> None:
        self.pages: list[dict[str, Any]] = []

    async def __call__(self, url: str, body: bytes, _: object, /) -> Reply:
        if url.endswith("/auth/token"):
            token = {"access_token": "t", "expires_in": 300}
            return Reply(200, orjson.dumps(token))
        given = orjson.loads(body)["variables"]["in"]
        self.pages.append(given)
        lines = given["csv"].splitlines()[1:]
        rows = [
            {
                "row": number,
                "email": line.split(",")[0],
                "outcome": "CREATED",
                "problems": [],
            }
            for number, line in enumerate(lines, 2)
        ]
        payload = {"rows": rows, "userErrors": []}
        return Reply(200, orjson.dumps({"data": {"importPeople": payload}}))


async def bring(sheet: Sheet, *, dry_run: bool) -> tuple[Graph, Report]:
    graph = Graph()
    client = PublicGraphClient(graph, "http://x/graphql", Credentials("a", "b"))
    return graph, await bring_in(client, sheet, dry_run=dry_run)


async def test_five_thousand_rows_go_in_pages_and_keep_their_numbers() -> None:
    rows = {n: [f"p{n}@x", f"p{n // 2}@x" if n > 3 else ""] for n in range(2, 5002)}
    rows[5002] = ["p7@x", ""]
    graph, report = await bring(Sheet(["email", "manager"], rows), dry_run=False)
    assert len(graph.pages) == 5001 // PAGE + 1
    assert report.outcomes == {"CREATED": 5000, "FAILED": 1}
    assert report.problems == ["Row 5002, email: Row 7 is of the same person."]
    assert all(page["elsewhere"] is None for page in graph.pages)


async def test_a_dry_run_says_which_managers_other_pages_add() -> None:
    rows = {n: [f"p{n}@x", "boss@x"] for n in range(2, 150)}
    rows[150] = ["boss@x", ""]
    graph, _ = await bring(Sheet(["email", "manager"], rows), dry_run=True)
    assert [page["elsewhere"] for page in graph.pages] == [[], ["boss@x"]]
