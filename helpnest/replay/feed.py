"""Cases → the graph: several at once, each in its own order."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final

from helpnest.replay.client import PublicGraphClient, RefusedError
from helpnest.replay.names import Names
from helpnest.replay.plan import Command, Named, Told, plan
from helpnest.replay.story import Case, Person, Rejected
from helpnest.replay.summary import Refusal, Summary

PAYLOAD: Final = "repeated ticket { id } userErrors { code message path }"


def mutation_of(verb: str) -> str:
    """Write the mutation of a verb.

    >>> mutation_of("assignTicket").splitlines()[0]
    'mutation ReplayAssignTicket($input: AssignTicketInput!) {'
    """
    name = verb[0].upper() + verb[1:]
    return (
        f"mutation Replay{name}($input: {name}Input!) {{\n"
        f"  {verb}(input: $input) {{ {PAYLOAD} }}\n}}"
    )


MUTATIONS: Final = {
    verb: mutation_of(verb)
    for verb in ("createTicket", "updateTicket", "assignTicket", "transitionTicket")
}


class Feeder:
    """Tells cases to the graph and counts what comes of it."""

    def __init__(
        self,
        client: PublicGraphClient,
        source: str,
        summary: Summary,
        progressed: Callable[[int], object],
    ) -> None:
        self.client = client
        self.names = Names(client, source)
        self.summary = summary
        self.progressed = progressed

    async def feed(self, cases: Iterable[Case], concurrency: int) -> None:
        """Tell all cases, so many at a time; the log is read as they go.

        Raises:
            RefusedError: no token is had.
            UnreachableError: the graph does not answer.

        """
        waiting: asyncio.Queue[Case | None] = asyncio.Queue(maxsize=2 * concurrency)

        async def work() -> None:
            while (case := await waiting.get()) is not None:
                await self.tell(case)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(concurrency):
                    group.create_task(work())
                for case in cases:
                    await waiting.put(case)
                for _ in range(concurrency):
                    await waiting.put(None)
        finally:
            await self.names.close()

    async def tell(self, case: Case) -> None:
        """Tell one case, event by event."""
        self.summary.cases += 1
        ticket: str | None = None
        opened = False
        for told in plan(case):
            self.summary.read += 1
            if isinstance(told, Rejected):
                self._reject(Refusal(case.key, told.row, told.reason))
            elif opened and ticket is None:
                reason = "its ticket could not be opened"
                self._reject(Refusal(case.key, told.row, reason, ours=True))
            else:
                opened = True
                ticket = await self._tell_event(case, told, ticket)
            self.progressed(1)

    async def _tell_event(
        self, case: Case, told: Told, ticket: str | None
    ) -> str | None:
        """Send an event's commands; return the ticket they are about."""
        new = False
        try:
            for command in told.commands:
                payload = await self._send(command, ticket)
                ticket = str(payload["ticket"]["id"])
                new = new or not payload["repeated"]
        except RefusedError as refused:
            self._reject(Refusal(case.key, told.row, str(refused), ours=True))
            return ticket
        if not told.commands:
            self.summary.unchanged += 1
        elif new:
            self.summary.applied += 1
        else:
            self.summary.skipped += 1
        return ticket

    async def _send(self, command: Command, ticket: str | None) -> dict[str, Any]:
        """Send a command, again where another service was away.

        Raises:
            RefusedError: the graph will not have it.

        """
        given = await self._input_of(command, ticket)
        self.summary.commands += 1
        payload: dict[str, Any] = {}
        for pause in (*self.client.pauses, None):
            data = await self.client.send(MUTATIONS[command.verb], {"input": given})
            payload = data[command.verb]
            passing = any(e["code"] == "UNAVAILABLE" for e in payload["userErrors"])
            if not passing or pause is None:
                break
            await asyncio.sleep(pause)
        if payload["userErrors"]:
            raise RefusedError(refusal_of(payload))
        return payload

    async def _input_of(self, command: Command, ticket: str | None) -> dict[str, Any]:
        given: dict[str, Any] = {
            "idempotencyKey": command.key,
            "occurredAt": command.at.isoformat(),
        }
        if ticket is not None:
            given["id"] = ticket
        if command.actor is not None:
            given["actorId"] = await self.names.id_of(command.actor)
        for name, value in command.given.items():
            given[name] = (
                await self.names.id_of(value)
                if isinstance(value, Person | Named)
                else value
            )
        return given

    def _reject(self, refusal: Refusal) -> None:
        self.summary.rejected.append(refusal)


def refusal_of(payload: dict[str, Any]) -> str:
    """Say why a mutation was refused, with code and path.

    >>> error = {"code": "STALE", "message": "It changed.", "path": ["input", "id"]}
    >>> refusal_of({"userErrors": [error]})
    'STALE at input.id: It changed.'
    """
    return "; ".join(
        f"{error['code']} at {'.'.join(error['path'] or ['input'])}: {error['message']}"
        for error in payload["userErrors"]
    )
