"""What a log calls people, groups, categories and services → ids in the graph.

People, categories and services are made through the graph when they are first named;
groups are another domain's, and get the id that their name always gives.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from helpnest.replay.client import PublicGraphClient, RefusedError
from helpnest.replay.plan import Named
from helpnest.replay.story import Person

CREATE_USER: Final = """
mutation ReplayPerson($input: CreateUserInput!) {
  createUser(input: $input) { user { id } userErrors { code message } }
}
"""
FIND_USER: Final = """
query ReplayFindPerson($email: String!) { user(email: $email) { id } }
"""
CREATE_CATEGORY: Final = """
mutation ReplayCategory($input: CreateCategoryInput!) {
  createCategory(input: $input) { category { id } userErrors { code message } }
}
"""
CREATE_SERVICE: Final = """
mutation ReplayService($input: CreateServiceInput!) {
  createService(input: $input) { service { id } userErrors { code message } }
}
"""
_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(slots=True)
class Names:
    """Ids by name; each is asked for once, whoever asks first."""

    client: PublicGraphClient
    source: str
    _known: dict[Person | Named, asyncio.Task[str]] = field(
        default_factory=dict[Person | Named, asyncio.Task[str]]
    )

    async def id_of(self, name: Person | Named) -> str:
        """Give the id of what a log names.

        Raises:
            RefusedError: the graph will not have it.
            UnreachableError: the graph does not answer.

        """
        if isinstance(name, Named) and name.kind == "group":
            return group_id(self.source, name.name)
        task = self._known.get(name)
        if task is None:
            task = self._known[name] = asyncio.create_task(self._make(name))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Let go of what is still being asked; whoever waited was told."""
        for task in self._known.values():
            task.cancel()
        await asyncio.gather(*self._known.values(), return_exceptions=True)

    async def _make(self, name: Person | Named) -> str:
        if isinstance(name, Person):
            return await self._person(name)
        make: dict[str, Callable[[str], Awaitable[str]]] = {
            "category": self._category,
            "service": self._service,
        }
        return await make[name.kind](name.name)

    async def _person(self, person: Person) -> str:
        email = email_of(self.source, person)
        given = {
            "email": email,
            "name": f"{person.column}: {person.label}"[:200],
            "idempotencyKey": f"replay:{self.source}:person:{email}"[:200],
        }
        data = await self.client.send(CREATE_USER, {"input": given})
        payload = data["createUser"]
        if payload["user"]:
            return str(payload["user"]["id"])
        if any(error["code"] == "TAKEN" for error in payload["userErrors"]):
            found = (await self.client.send(FIND_USER, {"email": email}))["user"]
            if found:
                return str(found["id"])
        raise RefusedError(told(f"the person {person.label!r}", payload))

    async def _category(self, name: str) -> str:
        return await self._setting("category", "createCategory", CREATE_CATEGORY, name)

    async def _service(self, name: str) -> str:
        return await self._setting("service", "createService", CREATE_SERVICE, name)

    async def _setting(self, kind: str, verb: str, mutation: str, name: str) -> str:
        key = f"replay:{self.source}:{kind}:{name}"[:200]
        given = {"name": name, "idempotencyKey": key}
        payload = (await self.client.send(mutation, {"input": given}))[verb]
        if payload[kind] is None:
            raise RefusedError(told(f"the {kind} {name!r}", payload))
        return str(payload[kind]["id"])


def told(what: str, payload: dict[str, Any]) -> str:
    """Say why the graph will not have something."""
    said = "; ".join(
        f"{error['code']}: {error['message']}" for error in payload["userErrors"]
    )
    return f"{what} was refused ({said or 'no reason given'})"


def email_of(source: str, person: Person) -> str:
    """Give a person of a log the address that nobody else of it has.

    >>> email_of("servicenow", Person("Opened by", "Opened by 8"))
    'opened-by.opened-by-8@servicenow.example'
    >>> email_of("volvo", Person("Resource", "Göran"))
    'resource.g-ran-8f296e@volvo.example'
    """
    slug = slug_of(person.label)
    if slug.replace("-", " ") != person.label.lower():
        slug += f"-{digest(person.label).hex()[:6]}"
    return f"{slug_of(person.column)}.{slug[:50]}@{source}.example"


def slug_of(text: str) -> str:
    """Write a text with small letters, digits and hyphens alone."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def group_id(source: str, name: str) -> str:
    """Make the id that a group of this name always has.

    >>> group_id("servicenow", "Group 56") == group_id("servicenow", "Group 56")
    True
    """
    bits = int.from_bytes(digest(f"{source}:group:{name}"), "big")
    return "grp_" + "".join(_DIGITS[bits >> shift & 31] for shift in range(125, -1, -5))


def digest(text: str) -> bytes:
    """Reduce a text to 128 bits."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
