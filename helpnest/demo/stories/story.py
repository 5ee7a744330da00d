"""The shape of a story: who had what trouble, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CATEGORIES: Final = {
    "Access": ("Sign-in", "Permissions"),
    "Hardware": ("Computer", "Printer", "Phone", "Measuring bench"),
    "Network": ("Wi-Fi", "VPN", "Internet"),
    "Software": ("Office", "Ledger", "Design", "Order desk"),
}
"""What tickets are about: each category, and those inside it."""

SERVICES: Final = {
    "E-mail and calendar": "priya",
    "Workplace": "priya",
    "Network and remote access": "marek",
    "Ledger (finance)": "marek",
    "Order desk (sales)": "marek",
    "Drawing vault (engineering)": "lucia",
    "Calibration benches": "lucia",
}
"""What the department offers, and who answers for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One ticket's life.

    ``by`` are the keys of those it can happen to; it happens once to each. ``path``
    is what became of it, in words of `helpnest.demo.timeline`: ``work``, ``wait:WHY``,
    ``hand:KEY``, ``solve``, ``close``, ``again``, ``drop``. ``effort`` is how many
    working hours each step takes, about. ``answer`` says what helped, ``code`` in
    which way. ``item`` is what was asked for of the catalogue, ``answers`` its form's;
    ``fields`` are the company's own.
    """

    title: str
    text: str
    category: str
    service: str
    by: tuple[str, ...]
    to: str
    path: str
    type: str = "INCIDENT"
    impact: str = "LOW"
    urgency: str = "MEDIUM"
    channel: str = "PORTAL"
    effort: float = 4
    code: str = "FIXED"
    answer: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    item: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict[str, object])
    fields: Mapping[str, object] = field(default_factory=dict[str, object])
