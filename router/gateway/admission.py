"""What an operation costs and who pays: let in, or refused, before it is planned."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import orjson

from kit.identity import Identity
from router.cost.budgets import Allowance, Spending, most_of
from router.cost.estimate import Estimate
from router.cost.prices import Prices
from router.gateway.refusals import RefusedError, refuse
from router.settings.model import Settings
from router.supergraph.model import Supergraph

Json = dict[str, Any]

EXPENSIVE: Final = "COST_ESTIMATED_TOO_EXPENSIVE"

PLAN_HEADER: Final = b"apollo-expose-query-plan"
COST_HEADER: Final = b"x-expose-cost"
ADDRESS_HEADER: Final = b"x-helpnest-client-address"

DRY_RUN: Final = b"dry-run"
"""Wherever it is said, nothing is run: who says both did not want that."""

FORBIDDEN = 403
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a client wants to be told beside the data: cost, plan, or only these."""

    cost: bool = False
    plan: bool = False
    dry_run: bool = False


NONE: Final = Wishes()


@dataclass(frozen=True, slots=True)
class Charge:
    """What one request costs, what is left to its sender, and why it is refused."""

    estimated: int
    allowance: Allowance
    refusal: RefusedError | None = None


def wishful(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether a client names one of its wishes."""
    return any(name in {PLAN_HEADER, COST_HEADER} for name, _ in headers)


def asks_for_dry_run(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether nothing is to be run: what is told then is one answer.

    >>> asks_for_dry_run([(b"apollo-expose-query-plan", b"Dry-Run")])
    True
    """
    return any(
        name == PLAN_HEADER and value.strip().lower() == DRY_RUN
        for name, value in headers
    )


class Admission:
    """Who may ask how much, and who may look at plans."""

    def __init__(self, settings: Settings) -> None:
        self._demand = settings.demand_control
        self._budgets = settings.helpnest.budgets
        self._expose = settings.helpnest.expose_query_plan
        self._enforced = self._demand.mode == "enforce"
        self._spending = Spending(self._budgets)

    def inherit(self, other: "Admission") -> None:
        """Go on with what callers have spent; other budgets begin anew."""
        if self._budgets == other._budgets:  # noqa: SLF001 - its own kind
            self._spending = other._spending  # noqa: SLF001 - its own kind

    def wishes(
        self, headers: Iterable[tuple[bytes, bytes]], identity: Identity
    ) -> Wishes:
        """Read the client's wishes off its headers.

        Raises:
            RefusedError: 403, a dry run is not for this caller. (Running the
                operation instead is what they did not want.)

        """
        cost = plan = b""
        for name, value in headers:
            if name == PLAN_HEADER and plan != DRY_RUN:
                plan = value.strip().lower()
            elif name == COST_HEADER:
                cost = value.strip().lower()
        if not cost and not plan:
            return NONE
        may = self._expose == "everyone" or (
            self._expose == "signed_in" and identity.authenticated
        )
        if plan == DRY_RUN and not may:
            raise refuse(
                "Dry runs and plans are not for everybody; sign in.",
                "FORBIDDEN",
                status=FORBIDDEN,
            )
        asked = plan in {b"true", DRY_RUN} and may
        return Wishes(asked or cost == b"true", asked, plan == DRY_RUN)

    def charge(
        self,
        estimate: Estimate | None,
        variables: Json,
        identity: Identity,
        headers: Iterable[tuple[bytes, bytes]],
        *,
        dry_run: bool = False,
    ) -> Charge | None:
        """Find what a request costs, and take it from its sender's budget.

        ``variables`` are coerced. A dry run is told what would happen, and pays
        nothing.

        Raises:
            RefusedError: it costs more than one request may, or than is left.

        """
        if estimate is None:
            return None
        points = estimate.of(variables)
        most = most_of(self._demand, self._budgets, identity)
        if points > most and self._enforced:
            charge = Charge(points, Allowance(), too_expensive(points, most))
        elif not self._spending.limits:
            return Charge(points, Allowance())
        else:
            charge = self._spend(points, identity, headers, dry_run=dry_run)
        if charge.refusal is not None and not dry_run:
            raise charge.refusal
        return charge

    def _spend(
        self,
        points: int,
        identity: Identity,
        headers: Iterable[tuple[bytes, bytes]],
        *,
        dry_run: bool,
    ) -> Charge:
        who = identity.subject or address_in(headers)
        before = self._spending.allowance(identity, who)
        left = before.remaining
        if left is not None and points > left and self._enforced:
            return Charge(points, before, overspent(points, before))
        if dry_run:
            return Charge(points, before)
        after = self._spending.spend(identity, who, points)
        return Charge(points, before if after is None else after)


def address_in(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Tell strangers apart by where they ask from."""
    found = [value for name, value in headers if name == ADDRESS_HEADER]
    return f"address {found[-1].decode('latin-1')}" if found else "nobody"


def too_expensive(points: int, most: int) -> RefusedError:
    """Say what was found, and what is allowed."""
    cost = {"estimated": points, "max": most}
    return RefusedError(
        [
            {
                "message": f"The operation is estimated to cost {points}; at most "
                f"{most} is allowed. Ask for fewer objects, or in several requests.",
                "extensions": {"code": EXPENSIVE, "cost": cost},
            }
        ]
    )


def overspent(points: int, allowance: Allowance) -> RefusedError:
    """Say how much is left, and until when."""
    cost = {"estimated": points, **allowance.written()}
    wait = max((allowance.resets_at or 0.0) - time.time(), 0.0)
    return RefusedError(
        [
            {
                "message": f"The operation is estimated to cost {points}, and "
                f"{allowance.remaining} is left of your budget until it is renewed.",
                "extensions": {
                    "code": "RATE_LIMITED",
                    "retryAfter": round(wait, 1),
                    "cost": cost,
                },
            }
        ],
        status=TOO_MANY,
        headers=[(b"retry-after", b"%d" % ceil(wait))],
    )


def written_cost(charge: Charge, estimate: Estimate | None, data: Any) -> Json:
    """Write what an operation costs; with its data, what it has cost."""
    written: Json = {"estimated": charge.estimated}
    if estimate is not None and isinstance(data, dict):
        written["actual"] = estimate.actual(data)  # pyright: ignore[reportUnknownArgumentType] - GraphQL's JSON
    return {**written, **charge.allowance.written()}


def dry_body(extensions: Json, charge: Charge | None) -> bytes:
    """Write the answer to a request that was not run."""
    answer: Json = {"data": None, "extensions": extensions}
    if charge is not None and charge.refusal is not None:
        answer["errors"] = list(charge.refusal.errors)
    return orjson.dumps(answer)


def prices_of(supergraph: Supergraph, settings: Settings) -> Prices | None:
    """Read what the supergraph says of cost, where router.yaml wants to know."""
    demand = settings.demand_control
    if not demand.enabled:
        return None
    return Prices(supergraph, demand.strategy.static_estimated.list_size)
