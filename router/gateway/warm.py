"""What one gateway has in use → the same, known to the next before it serves."""

from dataclasses import dataclass, field

from kit.identity import ANONYMOUS, Identity
from router.gateway.documents import Document
from router.gateway.pipeline import Gateway
from router.gateway.prepared import Named
from router.gateway.refusals import RefusedError

MOST_CALLERS = 8
"""Kinds of caller for whom one operation is planned again."""


@dataclass(slots=True)
class Use:
    """A document in use: how often, and which of its operations by what callers."""

    text: str
    used: int
    operations: list[tuple[str | None, Identity]] = field(
        default_factory=list[tuple[str | None, Identity]]
    )


def uses_of(gateway: Gateway, most: int) -> list[Use]:
    """List the documents used most, the first first."""
    found: list[Use] = []
    for document in gateway.documents.most_used(most):
        use = Use(document.text, document.used)
        for name, named in document.prepared.items():
            use.operations += [(name, caller) for caller in callers_of(named)]
        found.append(use)
    return found


def callers_of(named: Named) -> list[Identity]:
    """Make up one caller for each kind that has asked for an operation."""
    rights: list[object] = list(named.lately)[-MOST_CALLERS:]
    callers: list[Identity] = []
    for each in rights:
        match each:
            case (bool() as known, frozenset() as scopes, frozenset() as roles):
                name = "warm" if known else ANONYMOUS.subject
                callers.append(Identity(name, scopes=scopes, roles=roles))
            case _:
                continue
    return callers or [ANONYMOUS]


def warm(gateway: Gateway, uses: list[Use]) -> int:
    """Read and plan what is in use; say how many operations are ready.

    What the new supergraph or the new limits refuse is left to its sender to hear.
    """
    ready = 0
    for use in uses:
        try:
            document: Document = gateway.documents.read(use.text)
        except RefusedError:
            continue
        document.used = use.used
        for name, caller in use.operations:
            try:
                gateway.operations.prepare(document, name, caller)
            except RefusedError:
                continue
            ready += 1
    return ready
