"""``helpnest demo``, and what ``helpnest up`` does about the demo company."""

import asyncio
from collections.abc import Mapping

import httpx
from rich.console import Console

from helpnest.demo.company import NAME, PERSONS, SIGN_INS
from helpnest.demo.credentials import Credentials, kept
from helpnest.demo.graph import DemoError, Graph
from helpnest.errors import CannotStartError
from helpnest.progress import Announce
from helpnest.settings import StackSettings

SECONDS = 30.0
WIDE = 30  # characters: the longest address and the drawn passwords fit
WORKS_ON_TICKETS = "callum"
"""Whose token is given where nobody says whose: an agent of the service desk."""


async def first_start(
    http: httpx.AsyncClient,
    urls: Mapping[str, str],
    settings: StackSettings,
    announce: Announce,
    console: Console,
) -> bool:
    """Move the demo company in where nobody lives yet; say whether it did.

    ``http`` reaches the running graph. HelpNest runs without the company too, so
    what stands in its way is told and no more.
    """
    known = kept(settings.home)
    if not settings.demo or (known and known.complete):
        return False
    # Not before it is needed: it brings the domains' own code along.
    from helpnest.demo.move_in import move_in  # noqa: PLC0415 - see above

    try:
        return await move_in(http, urls, settings.home, announce) is not None
    except DemoError as error:
        console.print(
            "[yellow]The demo company could not move in; the next start goes on with "
            f"it.[/] {error}",
            markup=True,
        )
        return False


def tell_sign_ins(console: Console, known: Credentials) -> None:
    """Print who can sign in, with which password, and what they may do."""
    console.print(f"{NAME}: how to sign in", soft_wrap=True)
    for key, role in SIGN_INS:
        email = PERSONS[key].email
        password = known.passwords.get(email, "not made yet")
        line = f"  {email:{WIDE}}  {password:{WIDE}}  {role}"
        console.print(line, soft_wrap=True, markup=False)


def demo(
    out: Console, settings: StackSettings, *, token: bool, whose: str | None
) -> None:
    """Print how to sign in, or a token of one of those who can.

    Raises:
        CannotStartError: the company has not moved in, nobody has that address, or
            HelpNest does not run.

    """
    known = kept(settings.home)
    if known is None or not known.passwords:
        raise CannotStartError(
            "The demo company has not moved in: start HelpNest once with `make up` on "
            "empty databases."
        )
    if not token:
        tell_sign_ins(out, known)
        return
    email = whose or PERSONS[WORKS_ON_TICKETS].email
    password = known.passwords.get(email)
    if password is None:
        raise CannotStartError(
            f"No demo password is known for {email}; `make demo` lists those there are."
        )
    out.print(asyncio.run(_sign_in(settings.url, email, password)), soft_wrap=True)


async def _sign_in(url: str, email: str, password: str) -> str:
    async with httpx.AsyncClient(base_url=url, timeout=SECONDS) as http:
        try:
            return await Graph(http).sign_in(email, password)
        except DemoError as error:
            raise CannotStartError(
                f"{error} Does HelpNest run at {url}? `make up` starts it."
            ) from error
