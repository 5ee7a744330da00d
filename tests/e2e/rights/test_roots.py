"""Every way into the graph that reads: whom it lets in, and what they are shown."""

import pytest
from graphql import GraphQLEnumType, get_named_type, is_required_argument

from tests.support.office import Office
from tests.support.rights import rules, walk
from tests.support.rights.rules import ROLES, Sample, rule_of

GRAPH = rules.schema()
FIELDS = rules.field_rules()
QUERY = GRAPH.query_type
assert QUERY is not None
ROOTS = sorted(QUERY.fields)


def questions(office: Office, name: str) -> list[tuple[str, str | None]]:
    """Ask a root field for all that it lists, or for one thing after the other."""
    assert QUERY is not None
    field = QUERY.fields[name]
    kind = get_named_type(field.type).name
    below = walk.selection(QUERY, name) or f"{name} {{ __typename }}"
    inner = below.partition(" {")[2]
    if "id" not in field.args and "ids" not in field.args:
        given = ["first: 3"] if "first" in field.args else []
        for word, each in field.args.items():
            if is_required_argument(each):
                choices = get_named_type(each.type)
                assert isinstance(choices, GraphQLEnumType)
                given.append(f"{word}: {next(iter(choices.values))}")
        first = f"({', '.join(given)})" if given else ""
        return [(f"{name}{first} {{{inner}", None)]
    if name in {"node", "nodes"}:
        return [("__typename", None)]  # of each kind: test_fields.py
    if kind == "Ticket":
        keys: list[tuple[str, str | None]] = [
            (key, word) for word, key in office.tickets.items()
        ]
    elif kind == "Comment":
        words = {key: word for word, key in office.tickets.items()}
        keys = [(pair[0], words[key]) for key, pair in office.comments.items()]
    else:
        keys = [(office.samples.get(kind, "unknown"), None)]
    return [(f'{name}(id: "{key}") {{{inner}', word) for key, word in keys]


@pytest.mark.parametrize("role", ROLES)
async def test_each_root_field_shows_each_role_what_the_rules_say(
    office: Office, role: str
) -> None:
    for name in ROOTS:
        for question, word in questions(office, name):
            answer = await walk.through_router(office, role, f"{{ {question} }}", {})
            data = walk.checked(office, role, answer, question)
            if question == "__typename":
                continue
            found = (data or {}).get(name)
            rule = rule_of(FIELDS["Query", name])
            allowed = rule(office, role, Sample("Query", ""))
            if not allowed:
                assert walk.is_empty(found), (role, question, answer.text)
            elif word is not None:
                seen = rules.sees_ticket(role, word)
                assert (found is not None) == seen, (role, question, answer.text)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_counts_no_more_tickets_than_it_sees(
    office: Office, role: str
) -> None:
    if role == "nobody":
        return
    query = "{ tickets(first: 0) { totalCount } users(first: 0) { totalCount } }"
    answer = await walk.through_router(office, role, query, {})
    data = walk.checked(office, role, answer, query) or {}
    seen = [word for word in office.tickets if rules.sees_ticket(role, word)]
    counted = (data.get("tickets") or {"totalCount": 0})["totalCount"]
    assert counted == len(seen), answer.text
    if not rules.may(office, role, "users:read"):
        assert data.get("users") is None
