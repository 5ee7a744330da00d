"""What there is in the graph: which ids are of which type. No table holds it."""

from typing import Final, NamedTuple

from sqlalchemy.orm import DeclarativeBase

from kit.database import naming_metadata


class Row(DeclarativeBase):
    """The base of this domain's tables, of which there is none."""

    metadata = naming_metadata()


class Kind(NamedTuple):
    """A type that is a Node, and how to see whether there is one.

    ``proof`` is a field that its owner alone knows, that is never null, and that
    everybody may read who may see the object.
    """

    type: str
    proof: str


KINDS: Final = {
    "bcl": Kind("BusinessCalendar", "name"),
    "cat": Kind("Category", "name"),
    "cmt": Kind("Comment", "version"),
    "cti": Kind("CatalogItem", "name"),
    "dep": Kind("Department", "name"),
    "grp": Kind("Group", "name"),
    "que": Kind("Queue", "name"),
    "rol": Kind("Role", "name"),
    "ses": Kind("Session", "createdAt"),
    "slp": Kind("SlaPolicy", "name"),
    "sva": Kind("ServiceAccount", "name"),
    "svc": Kind("Service", "name"),
    "tev": Kind("TicketEvent", "seq"),
    "tkt": Kind("Ticket", "version"),
    "tst": Kind("TicketStatus", "key"),
    "usr": Kind("User", "name"),
}
"""By the prefix of their ids. A test compares it with the supergraph."""
