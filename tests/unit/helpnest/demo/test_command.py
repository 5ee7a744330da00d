import io
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from helpnest.demo.command import demo, first_start, tell_sign_ins
from helpnest.demo.company import PERSONS, SIGN_INS
from helpnest.demo.credentials import Credentials
from helpnest.errors import CannotStartError
from helpnest.settings import StackSettings

BEGAN = "2026-03-02T09:00:00+00:00"


def passwords() -> dict[str, str]:
    return {PERSONS[key].email: f"secret of {key}" for key, _ in SIGN_INS}


def test_whoever_can_sign_in_is_told_on_one_line_however_narrow() -> None:
    said = io.StringIO()
    console = Console(file=said, width=40)
    tell_sign_ins(console, Credentials(BEGAN, complete=True, passwords=passwords()))
    heading, *lines = said.getvalue().splitlines()
    assert heading == "Marlow Instruments: how to sign in"
    assert [line.split()[0] for line in lines] == list(passwords())
    assert "secret of nadia" in lines[0]
    assert lines[0].endswith("administrator: everything")


def test_before_the_first_start_nobody_signs_in(tmp_path: Path) -> None:
    settings = StackSettings(home=tmp_path)
    with pytest.raises(CannotStartError, match="has not moved in"):
        demo(Console(file=io.StringIO()), settings, token=False, whose=None)


def test_a_token_of_a_stranger_is_not_to_be_had(tmp_path: Path) -> None:
    Credentials(BEGAN, complete=True, passwords=passwords()).keep(tmp_path)
    settings = StackSettings(home=tmp_path)
    with pytest.raises(CannotStartError, match=r"mallory@example\.com"):
        demo(
            Console(file=io.StringIO()),
            settings,
            token=True,
            whose="mallory@example.com",
        )


@pytest.mark.parametrize("wanted", [True, False])
async def test_nothing_is_asked_where_the_company_is_in_or_not_wanted(
    tmp_path: Path, *, wanted: bool
) -> None:
    if wanted:
        Credentials(BEGAN, complete=True).keep(tmp_path)
    settings = StackSettings(home=tmp_path, demo=wanted)

    def nobody(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    async with httpx.AsyncClient(transport=httpx.MockTransport(nobody)) as http:
        done = await first_start(http, {}, settings, print, Console())
    assert done is False
