"""Every mutation, tried by every role: done or refused as the table says.

Each is tried through the router, and again at the subgraph itself. A refusal changes
nothing, and a ticket that is not seen answers as one that does not exist.
"""

import importlib
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from helpnest.supergraph import domains
from kit.ids import new_id
from subgraphs.tickets.models import TicketRow
from tests.support.office import RELATIONS, Office, person
from tests.support.rights import rules, walk

MUTATIONS = {
    name: entry for name, entry in rules.mutation_rules().items() if "done" in entry
}


def owners() -> dict[str, str]:
    """Say which subgraph has each mutation."""
    found: dict[str, str] = {}
    for domain in domains():
        module: Any = importlib.import_module(f"subgraphs.{domain}.schema")
        kind = module.schema.core.mutation_type
        found |= dict.fromkeys(kind.fields if kind else (), domain)
    return found


OWNERS = owners()


@dataclass
class Case:
    """One try: of which entry, by whom, on whose ticket (None: on no ticket)."""

    name: str
    role: str
    relation: str | None

    @property
    def verb(self) -> str:
        return self.name.split()[0]

    @property
    def done(self) -> bool:
        """Say whether the table lets them."""
        listed = MUTATIONS[self.name]["done"]
        return self.role in (listed if self.relation is None else listed[self.relation])


MADE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "$category": ("createCategory", "category", {"name": "$before"}),
    "$service": ("createService", "service", {"name": "$before"}),
    "$item": ("createCatalogItem", "catalogItem", {"name": "$before"}),
    "$field": (
        "createCustomField",
        "customField",
        {"key": "$before", "label": "$before", "kind": "TEXT"},
    ),
    "$status": (
        "createTicketStatus",
        "status",
        {"key": "$before", "name": "$before", "category": "ON_HOLD"},
    ),
    "$code": (
        "createResolutionCode",
        "resolutionCode",
        {"code": "$before", "name": "$before", "appliesTo": ["CHANGE"]},
    ),
    "$queue": (
        "createQueue",
        "queue",
        {"name": "$before", "visibility": "EVERYONE", "filter": {}},
    ),
}
"""How what a word names is made anew: mutation, what it makes, and of what."""


async def words_for(office: Office, case: Case) -> dict[str, str]:
    """Make what a mutation is tried on: a fresh ticket, comments on it, a person."""
    new = new_id("new").replace("_", "")
    words = {"$new": new, "$me": office.subject(case.role)}
    if case.relation is not None:
        words |= await ticket_for(office, case, new)
        words["$user"] = office.subject("agent")
        return words
    user = await person(office, f"before-{new}", "company", "requester")
    group = await office.write(
        "createGroup", "group { id }", name=f"Before {new}", kind="ASSIGNMENT"
    )
    words |= {
        "$user": user,
        "$group": group["group"]["id"],
        "$department": office.house.departments["operations"],
        "$session": office.samples["Session"],
        "$account": office.samples["ServiceAccount"],
    }
    if "BusinessCalendar" in case.verb or "SlaPolicy" in case.verb:
        words["$calendar"] = await office.calendar(f"Before {new}")
        if "$policy" in str(MUTATIONS[case.name]["input"]):
            words["$policy"] = await office.policy(f"Before {new}", words["$calendar"])
    if case.verb == "revokeSessions":  # of who may have some
        await office.write("issuePassword", "password", userId=user)
    if case.verb == "updateRole":
        given = {"key": f"before-{new}", "name": new, "permissions": []}
        made = await office.write("createRole", "role { id }", **given)
        words["$role"] = made["role"]["id"]
    for word, (verb, what, given) in MADE.items():
        if word in str(MUTATIONS[case.name]["input"]):
            said = filled(given, {"$before": f"before{new}"})
            made = await office.write(verb, f"{what} {{ id }}", **said)
            words[word] = made[what]["id"]
    words["$csv"] = f"email,name\n{new}@example.com,{new}\n"
    if case.verb in {"removeGroupMembers", "updateGroupMember"}:
        them = {"groupId": words["$group"], "userIds": [user]}
        await office.write("addGroupMembers", "group { id }", **them)
    return words


async def ticket_for(office: Office, case: Case, word: str) -> dict[str, str]:
    """Open a ticket that stands so to the role, and comment on it."""
    given: dict[str, Any] = {"type": "INCIDENT", "title": word}
    people = office.house.people
    me = office.subject(case.role)
    whose = me if me.startswith("usr_") else people["rea"]
    given["requesterId"] = {
        "own": whose,
        "group": people["sam"],
        "department": people["hal"],
        "foreign": people["ivo"],
    }[str(case.relation)]
    groups = {"group": office.groups["desk"], "foreign": office.groups["elsewhere"]}
    if case.relation in groups:
        given["groupId"] = groups[case.relation]
    keys: list[str] = []
    for _ in range(2 if "$twin" in str(MUTATIONS[case.name]["input"]) else 1):
        made = await office.write("createTicket", "ticket { id }", **given)
        keys.append(made["ticket"]["id"])
    key = keys[0]
    mine = await office.say(key, "PUBLIC", word, author=whose)
    other = await office.say(key, "PUBLIC", word)
    return {"$ticket": key, "$twin": keys[-1], "$reply": mine, "$other": other}


def filled(given: Any, words: dict[str, str]) -> Any:
    """Put words in their places."""
    if isinstance(given, dict):
        return {name: filled(value, words) for name, value in given.items()}
    if isinstance(given, list):
        return [filled(value, words) for value in given]
    if isinstance(given, str) and given.startswith("$"):
        for word, value in words.items():
            if given == word or given.startswith(f"{word}@"):
                return given.replace(word, value)
        raise AssertionError(given)
    return given


OWN_WORK = [
    each.key for each in TicketRow.__mapper__.column_attrs if each.key[:4] == "sla_"
]
"""What the desk works out by itself, whenever it comes to it."""

SUM_OF = """
SELECT sum(hashtextextended((to_jsonb(t) - CAST(:own AS text[]))::text, 0))
FROM {table} AS t
"""


async def everything(office: Office, domain: str) -> list[Any]:
    """Look into a domain's database: a sum over every row of every table."""
    async with office.graph.stack.services[domain].database.engine.connect() as to:
        names = await to.scalars(
            text(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = "
                "relnamespace WHERE nspname = 'public' AND relkind = 'r' ORDER BY 1"
            )
        )
        return [
            await to.scalar(text(SUM_OF.format(table=name)), {"own": OWN_WORK})
            for name in names.all()
            if name != "sla_clocks"
        ]


def refusal(answer: httpx.Response, verb: str) -> list[str]:
    """Name the codes with which a mutation was refused; none if it was done.

    Of a change of many, it is each that was not changed that says why.
    """
    assert answer.status_code < 500, answer.text
    body = answer.json()
    if body.get("errors"):
        return [error["extensions"]["code"] for error in body["errors"]]
    payload = body["data"][verb]
    told = [payload, *payload.get("failures", ())]
    return [
        e["code"] for each in told for e in each.get("userErrors", each.get("errors"))
    ]


async def tried(
    office: Office, case: Case, words: dict[str, str], *, directly: bool
) -> list[str]:
    """Send a mutation; give the codes with which it was refused."""
    verb = case.verb
    kind = f"{verb[0].upper()}{verb[1:]}Input"
    each = "failures { errors { code } }" if verb.startswith("bulk") else ""
    document = f"""mutation ($in: {kind}!) {{
      {verb}(input: $in) {{ userErrors {{ code }} {each} }} }}"""
    given = {"in": filled(MUTATIONS[case.name]["input"], words)}
    if directly:
        answer = await walk.at_subgraph(
            office, OWNERS[verb], case.role, document, given
        )
    else:
        answer = await walk.through_router(office, case.role, document, given)
    return refusal(answer, verb)


@pytest.mark.parametrize("role", rules.ROLES)
async def test_each_role_does_what_the_table_says_and_no_more(
    office: Office, role: str
) -> None:
    for name, entry in MUTATIONS.items():
        relations = RELATIONS if isinstance(entry["done"], dict) else (None,)
        for relation in relations:
            case = Case(name, role, relation)
            words = await words_for(office, case)
            if not case.done:
                await refused(office, case, words)
                continue
            codes = await tried(office, case, words, directly=False)
            assert codes == [], (case, codes)


async def refused(office: Office, case: Case, words: dict[str, str]) -> None:
    """See that a mutation is refused both ways, and that nothing changed."""
    domain = OWNERS[case.verb]
    before = await everything(office, domain)
    gone = {"$ticket": new_id("tkt"), "$twin": new_id("tkt")}
    gone |= {"$reply": new_id("cmt"), "$other": new_id("cmt")}
    whose = "own-" + case.role if case.relation == "own" else case.relation
    seen = whose is not None and rules.sees_ticket(case.role, whose)
    for directly in (False, True):
        codes = await tried(office, case, words, directly=directly)
        assert codes, (case, directly, "was done")
        if case.relation is not None and not seen:
            missing = await tried(office, case, words | gone, directly=directly)
            assert codes == missing, (case, directly)
    assert await everything(office, domain) == before, case
