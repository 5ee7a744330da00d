"""The public graph as the demo company's first administrator writes to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import httpx

from helpnest.errors import CannotStartError

SIGN_IN: Final = """
mutation ($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password, deliver: BODY,
                 deviceName: "helpnest demo"}) {
    accessToken userErrors { message }
  }
}
"""


class DemoError(CannotStartError):
    """The graph did not take what the demo company wrote."""


@dataclass(slots=True)
class Graph:
    """A client of the graph at ``http``'s base address, signed in or not."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict[str, str])

    async def sign_in(self, email: str, password: str) -> str:
        """Sign in; return the access token, which later requests carry.

        Raises:
            DemoError: the graph does not let them in.

        """
        payload = await self.ask(SIGN_IN, {"email": email, "password": password})
        signed = payload["signIn"]
        if not signed["accessToken"]:
            raise DemoError(f"Cannot sign in as {email}: {said(signed)}")
        token: str = signed["accessToken"]
        self.headers = {"authorization": f"Bearer {token}"}
        return token

    async def write(
        self, verb: str, given: Mapping[str, object], select: str, key: str | None
    ) -> dict[str, Any]:
        """Send one mutation, under an idempotency key where it takes one.

        ``select`` is what of the payload to return.

        Raises:
            DemoError: a rule said no.

        """
        kind = f"{verb[0].upper()}{verb[1:]}Input"
        document = (
            f"mutation ($input: {kind}!) "
            f"{{ {verb}(input: $input) {{ {select} userErrors {{ message path }} }} }}"
        )
        keyed = {**given, **({"idempotencyKey": f"demo:{key}"} if key else {})}
        payload: dict[str, Any] = (await self.ask(document, {"input": keyed}))[verb]
        if payload["userErrors"]:
            raise DemoError(f"{verb} {dict(given)}: {said(payload)}")
        return payload

    async def ask(self, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
        """Send an operation and return its data.

        Raises:
            DemoError: there is no answer, or one with errors.

        """
        body = {"query": query, "variables": dict(variables)}
        try:
            sent = await self.http.post("/graphql", json=body, headers=self.headers)
            answer: object = sent.json()
        except (httpx.HTTPError, ValueError) as error:
            raise DemoError(f"The graph does not answer: {error!r}.") from error
        found = cast("dict[str, Any]", answer)
        if found.get("errors") or not found.get("data"):
            raise DemoError(f"The graph says: {found.get('errors')}")
        data: dict[str, Any] = found["data"]
        return data


def said(payload: Mapping[str, Any]) -> str:
    """Put a payload's objections into one text."""
    return " ".join(error["message"] for error in payload["userErrors"])
