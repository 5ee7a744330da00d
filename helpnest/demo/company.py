"""Who works at Marlow Instruments, where, for whom, and what they may do.

The company, its people and their addresses are invented; ``.example`` belongs to
nobody (RFC 2606).
"""

from dataclasses import dataclass
from typing import Final

DOMAIN: Final = "marlow.example"
NAME: Final = "Marlow Instruments"


@dataclass(frozen=True, slots=True)
class Unit:
    """A department: its code, its name, what it is part of, who leads it."""

    code: str
    name: str
    parent: str | None
    head: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the company; ``key`` is what the other tables call them."""

    key: str
    name: str
    unit: str
    manager: str | None
    roles: tuple[str, ...] = ("requester",)
    locale: str = "en-GB"
    zone: str = "Europe/London"
    left: bool = False

    @property
    def email(self) -> str:
        """Their address: first and last name.

        >>> PEOPLE[0].email
        'ingrid.solberg@marlow.example'
        """
        first, *_, last = self.name.lower().replace("'", "").split()
        return f"{first}.{last}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Team:
    """A group: whose it is, who leads it, and who is in it."""

    name: str
    unit: str
    lead: str
    members: tuple[str, ...]
    kind: str = "ASSIGNMENT"
    policy: str = "MANUAL"
    parent: str | None = None


UNITS: Final = (
    Unit("MARLOW", NAME, None, "ingrid"),
    Unit("IT", "Information Technology", "MARLOW", "tomasz"),
    Unit("IT-DESK", "Service Desk", "IT", "priya"),
    Unit("IT-OPS", "Infrastructure", "IT", "marek"),
    Unit("FIN", "Finance", "MARLOW", "beatrice"),
    Unit("HR", "People", "MARLOW", "leon"),
    Unit("SALES", "Sales", "MARLOW", "hanna"),
    Unit("SALES-FIELD", "Field Sales", "SALES", "diego"),
    Unit("ENG", "Engineering", "MARLOW", "rafael"),
    Unit("ENG-LAB", "Calibration Laboratory", "ENG", "mei"),
    Unit("PROD", "Production", "MARLOW", "gudrun"),
    Unit("PROD-WH", "Warehouse", "PROD", "samuel"),
)

AGENT: Final = ("requester", "agent")
DISPATCHER: Final = ("requester", "agent", "dispatcher")
LEADS: Final = ("requester", "manager")
GERMAN: Final = ("de-DE", "Europe/Berlin")
SPANISH: Final = ("es-ES", "Europe/Madrid")

PEOPLE: Final = (
    Person("ingrid", "Ingrid Solberg", "MARLOW", None, LEADS),
    Person("noor", "Noor El Amrani", "MARLOW", "ingrid"),
    # Information technology
    Person("tomasz", "Tomasz Wren", "IT", "ingrid", (*LEADS, "agent")),
    Person("nadia", "Nadia Ferrand", "IT", "tomasz", ("requester", "admin")),
    Person(
        "priya",
        "Priya Nandakumar",
        "IT-DESK",
        "tomasz",
        (*LEADS, "agent", "dispatcher"),
    ),
    Person("callum", "Callum Reyes", "IT-DESK", "priya", DISPATCHER),
    Person("aiko", "Aiko Brandt", "IT-DESK", "priya", DISPATCHER, *GERMAN),
    Person("femi", "Femi Adeyemi", "IT-DESK", "priya", DISPATCHER),
    Person("marek", "Marek Dolezal", "IT-OPS", "tomasz", (*LEADS, "agent")),
    Person("lucia", "Lucia Ibarra", "IT-OPS", "marek", AGENT, *SPANISH),
    Person("joris", "Joris van Hal", "IT-OPS", "marek", AGENT),
    # Finance
    Person("beatrice", "Beatrice Okafor", "FIN", "ingrid", LEADS),
    Person("owen", "Owen Tadesse", "FIN", "beatrice", ("requester", "analyst")),
    Person("clara", "Clara Nyman", "FIN", "beatrice"),
    Person("piotr", "Piotr Zielonka", "FIN", "beatrice", left=True),
    # People
    Person("leon", "Leon Castellan", "HR", "ingrid", LEADS),
    Person("ruth", "Ruth Abernathy", "HR", "leon"),
    # Sales
    Person("hanna", "Hanna Virtanen", "SALES", "ingrid", LEADS),
    Person("marcus", "Marcus Feld", "SALES", "hanna", ("requester",), *GERMAN),
    Person("yara", "Yara Haddad", "SALES", "hanna"),
    Person("diego", "Diego Salcedo", "SALES-FIELD", "hanna", LEADS, *SPANISH),
    Person("emma", "Emma Thorne", "SALES-FIELD", "diego"),
    Person("kofi", "Kofi Mensah", "SALES-FIELD", "diego"),
    # Engineering
    Person("rafael", "Rafael Moura", "ENG", "ingrid", LEADS),
    Person("sunniva", "Sunniva Dahl", "ENG", "rafael"),
    Person("arjun", "Arjun Pillai", "ENG", "rafael"),
    Person("heidi", "Heidi Kroll", "ENG", "rafael", ("requester",), *GERMAN),
    Person("mei", "Mei Castellanos", "ENG-LAB", "rafael", LEADS),
    Person("bogdan", "Bogdan Petrescu", "ENG-LAB", "mei"),
    Person("tilda", "Tilda Marsh", "ENG-LAB", "mei"),
    # Production
    Person("gudrun", "Gudrun Albers", "PROD", "ingrid", LEADS, *GERMAN),
    Person("jonas", "Jonas Wexler", "PROD", "gudrun", ("requester",), *GERMAN),
    Person("amina", "Amina Sow", "PROD", "gudrun"),
    Person("samuel", "Samuel O'Dowd", "PROD-WH", "gudrun", LEADS),
    Person("vera", "Vera Lindqvist", "PROD-WH", "samuel"),
    Person("dario", "Dario Conti", "PROD-WH", "samuel"),
)

ADMIN: Final = "nadia"
"""Made first, without anybody to ask; everybody else is made in her name."""

DESK_AGENT: Final = "callum"
"""Works on tickets, and can sign in."""

SIGN_INS: Final = (
    ("nadia", "administrator: everything"),
    ("callum", "agent: the service desk's tickets, and what no group has"),
    ("clara", "requester: her own tickets"),
    ("hanna", "head of Sales: reads her department's tickets"),
    ("owen", "analyst: reads every ticket, changes none"),
)
"""Who gets a password at the first start, and what to expect as them."""

DESK: Final = ("priya", "callum", "aiko", "femi")
OPERATIONS: Final = ("marek", "lucia", "joris")
TEAMS: Final = (
    Team("IT Support", "IT", "tomasz", ("tomasz",)),
    Team(
        "Service Desk",
        "IT-DESK",
        "priya",
        DESK,
        policy="LEAST_LOADED",
        parent="IT Support",
    ),
    Team(
        "Infrastructure",
        "IT-OPS",
        "marek",
        OPERATIONS,
        policy="ROUND_ROBIN",
        parent="IT Support",
    ),
    Team("Change board", "IT", "tomasz", ("tomasz", "marek", "priya"), "APPROVAL"),
    Team("Outages", "IT", "priya", ("ingrid", "tomasz", "gudrun"), "NOTIFICATION"),
)
"""Who works on tickets together, agrees to changes, and is told of outages."""

PERSONS: Final = {person.key: person for person in PEOPLE}
