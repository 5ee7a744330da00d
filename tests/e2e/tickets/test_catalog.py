"""Categories, services and what can be asked for: changed, retired, never deleted."""

from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

CATEGORY = """mutation Make($in: CreateCategoryInput!) { createCategory(input: $in) {
  category { id defaultGroup { id } } userErrors { code path } } }"""
SERVICE = """mutation Make($in: CreateServiceInput!) { createService(input: $in) {
  service { id } userErrors { code path } } }"""
CHANGE_CATEGORY = """mutation Change($in: UpdateCategoryInput!) {
  updateCategory(input: $in) { category { id name parent { name } defaultGroup { id }
    retired } userErrors { code path } } }"""
CHANGE_SERVICE = """mutation Change($in: UpdateServiceInput!) {
  updateService(input: $in) { service { id name owner { id } retired }
    userErrors { code path } } }"""
ITEM = """mutation Offer($in: CreateCatalogItemInput!) { createCatalogItem(input: $in) {
  catalogItem { id name service { name } approvalRequired fields { key kind options } }
  userErrors { code path } } }"""
CHANGE_ITEM = """mutation Change($in: UpdateCatalogItemInput!) {
  updateCatalogItem(input: $in) { catalogItem { name retired approvalRequired
    fields { key label required } } userErrors { code path } } }"""
ALL = """{ categories(includeRetired: true) { name parent { name } retired }
  services(includeRetired: true) { name retired }
  catalog(includeRetired: true) { name retired fields { key label } } }"""
LOG = """{ ticketSettingChanges { nodes { subject key before after } } }"""


async def category(desk: Desk, name: str, **given: Any) -> str:
    made = await desk.mutate(CATEGORY, {"name": name, **given}, by=desk.manager)
    assert made["userErrors"] == []
    return made["category"]["id"]


async def test_a_ticket_without_a_group_gets_its_categorys_or_the_nearest_aboves(
    desk: Desk,
) -> None:
    first, second, third = (new_id("grp") for _ in range(3))
    top = await category(desk, "Hardware", defaultGroupId=first)
    inside = await category(desk, "Printers", parentId=top)
    lowest = await category(desk, "Plotters", parentId=inside, defaultGroupId=second)
    nobodys = await category(desk, "Else")
    for place, group in (
        (top, first),
        (inside, first),
        (lowest, second),
        (nobodys, None),
    ):
        ticket = await desk.open(categoryId=place)
        assert ticket["group"] == (group and {"id": group})
        assert ticket["reassignmentCount"] == 0
    named = await desk.open(categoryId=lowest, groupId=third, by=desk.agent)
    assert named["group"] == {"id": third}


async def test_a_category_moves_but_never_into_itself(desk: Desk) -> None:
    top = await category(desk, "Hardware")
    inside = await category(desk, "Printers", parentId=top)
    lowest = await category(desk, "Plotters", parentId=inside)
    before = await desk.data(ALL, **desk.agent)
    for parent in (top, inside, lowest):
        ring = {"id": top, "parentId": parent}
        refused = await desk.mutate(CHANGE_CATEGORY, ring, by=desk.manager)
        error = {"code": "CYCLE", "path": ["input", "parentId"]}
        assert refused["userErrors"] == [error]
    assert await desk.data(ALL, **desk.agent) == before
    away = {"id": lowest, "parentId": None, "name": "Big printers"}
    done = await desk.mutate(CHANGE_CATEGORY, away, by=desk.manager)
    assert done["userErrors"] == []
    assert done["category"]["name"] == "Big printers"
    assert done["category"]["parent"] is None


async def test_what_is_retired_is_taken_by_no_ticket_and_stays_on_those_that_have_it(
    desk: Desk,
) -> None:
    place = await category(desk, "Fax")
    made = await desk.mutate(SERVICE, {"name": "Fax"}, by=desk.manager)
    service = made["service"]["id"]
    key = (await desk.open(categoryId=place, serviceId=service))["id"]
    for mutation, which in ((CHANGE_CATEGORY, place), (CHANGE_SERVICE, service)):
        retire = {"id": which, "retired": True}
        done = await desk.mutate(mutation, retire, by=desk.manager)
        assert done["userErrors"] == []
    listed = await desk.data("{ categories { id } services { id } }", **desk.agent)
    assert listed == {"categories": [], "services": []}
    update = """mutation Change($in: UpdateTicketInput!) { updateTicket(input: $in) {
      ticket { version category { name } service { name } }
      userErrors { code path } } }"""
    same = {"id": key, "categoryId": place, "serviceId": service, "title": "Still"}
    done = await desk.mutate(update, same, by=desk.agent)
    assert done == {
        "ticket": {
            "version": 2,
            "category": {"name": "Fax"},
            "service": {"name": "Fax"},
        },
        "userErrors": [],
    }
    other = (await desk.open())["id"]
    for name, value in (("categoryId", place), ("serviceId", service)):
        refused = await desk.mutate(update, {"id": other, name: value}, by=desk.agent)
        assert refused["userErrors"] == [{"code": "INVALID", "path": ["input", name]}]
    back = {"id": place, "retired": False}
    await desk.mutate(CHANGE_CATEGORY, back, by=desk.manager)
    assert (await desk.open(categoryId=place))["category"] == {"name": "Fax"}


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"id": "cat_1"}, "NOT_FOUND", "id"),
        ({"name": " "}, "REQUIRED", "name"),
        ({"name": "x" * 201}, "TOO_LONG", "name"),
        ({"name": "Software"}, "TAKEN", "name"),
        ({"parentId": "cat_1"}, "NOT_FOUND", "parentId"),
        ({"defaultGroupId": "usr_1"}, "INVALID", "defaultGroupId"),
    ],
)
async def test_a_category_that_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, given: dict[str, Any], code: str, path: str
) -> None:
    place = await category(desk, "Hardware")
    await category(desk, "Software")
    before = await desk.data(ALL, **desk.agent)
    wanted = {"id": place, **given}
    refused = await desk.mutate(CHANGE_CATEGORY, wanted, by=desk.manager)
    assert refused["userErrors"] == [{"code": code, "path": ["input", path]}]
    for nobody in (desk.agent, desk.importer):
        refused = await desk.mutate(CHANGE_CATEGORY, wanted, by=nobody)
        assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    assert await desk.data(ALL, **desk.agent) == before


async def test_a_service_is_renamed_and_owned(desk: Desk) -> None:
    made = await desk.mutate(SERVICE, {"name": "Mail"}, by=desk.manager)
    await desk.mutate(SERVICE, {"name": "Chat"}, by=desk.manager)
    key = made["service"]["id"]
    given = {"id": key, "name": "E-mail", "ownerId": desk.bob}
    done = await desk.mutate(CHANGE_SERVICE, given, by=desk.manager)
    assert done["service"] == {
        "id": key,
        "name": "E-mail",
        "owner": {"id": desk.bob},
        "retired": False,
    }
    before = await desk.data(ALL, **desk.agent)
    for given, code, path in (
        ({"id": "svc_1"}, "NOT_FOUND", "id"),
        ({"id": key, "name": "Chat"}, "TAKEN", "name"),
        ({"id": key, "ownerId": "grp_1"}, "INVALID", "ownerId"),
    ):
        refused = await desk.mutate(CHANGE_SERVICE, given, by=desk.manager)
        assert refused["userErrors"] == [{"code": code, "path": ["input", path]}]
    for nobody in (desk.agent, desk.importer):
        given = {"id": key, "name": "Mine"}
        refused = await desk.mutate(CHANGE_SERVICE, given, by=nobody)
        assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    assert await desk.data(ALL, **desk.agent) == before


async def test_an_items_form_is_replaced_whole_and_given_answers_stay(
    desk: Desk,
) -> None:
    made = await desk.mutate(SERVICE, {"name": "Devices"}, by=desk.manager)
    form = [
        {"key": "model", "label": "Model", "kind": "TEXT"},
        {"key": "colour", "label": "Colour", "kind": "TEXT"},
    ]
    wanted = {"name": "Phone", "serviceId": made["service"]["id"], "fields": form}
    item = (await desk.mutate(ITEM, wanted, by=desk.manager))["catalogItem"]
    assert item["service"] == {"name": "Devices"}
    answers = [{"key": "colour", "value": "red"}, {"key": "model", "value": "X"}]
    details = {"serviceRequest": {"catalogItem": item["id"], "formAnswers": answers}}
    ticket = await desk.open(type="SERVICE_REQUEST", details=details)
    assert ticket["service"] == {"name": "Devices"}
    anew = [
        {"key": "size", "label": "Size", "kind": "NUMBER"},
        {"key": "model", "label": "Which", "kind": "TEXT", "required": True},
    ]
    given = {"id": item["id"], "fields": anew, "approvalRequired": True}
    done = await desk.mutate(CHANGE_ITEM, given, by=desk.manager)
    assert done["catalogItem"] == {
        "name": "Phone",
        "retired": False,
        "approvalRequired": True,
        "fields": [
            {"key": "size", "label": "Size", "required": False},
            {"key": "model", "label": "Which", "required": True},
        ],
    }
    read = """query R($id: ID) { ticket(id: $id) { details {
      ... on ServiceRequestDetails { formAnswers { key label value } } } } }"""
    kept = await desk.data(read, {"id": ticket["id"]}, **desk.agent)
    found = kept["ticket"]["details"]["formAnswers"]
    assert sorted((each["key"], each["label"], each["value"]) for each in found) == [
        ("colour", "Colour", "red"),
        ("model", "Which", "X"),
    ]
    before = await desk.data(ALL, **desk.agent)
    other_kind = [{"key": "size", "label": "Size", "kind": "TEXT"}]
    twice = [anew[0], anew[0]]
    for fields, path in ((other_kind, ["0", "kind"]), (twice, ["1", "key"])):
        given = {"id": item["id"], "fields": fields}
        refused = await desk.mutate(CHANGE_ITEM, given, by=desk.manager)
        error = {"code": "INVALID", "path": ["input", "fields", *path]}
        assert refused["userErrors"] == [error]
    assert await desk.data(ALL, **desk.agent) == before


async def test_a_retired_item_is_asked_for_no_more(desk: Desk) -> None:
    made = await desk.mutate(ITEM, {"name": "Pager"}, by=desk.manager)
    item = made["catalogItem"]["id"]
    taken = await desk.mutate(ITEM, {"name": "Pager"}, by=desk.manager)
    assert taken["userErrors"] == [{"code": "TAKEN", "path": ["input", "name"]}]
    assert taken["catalogItem"]["id"] == item
    retire = {"id": item, "retired": True}
    await desk.mutate(CHANGE_ITEM, retire, by=desk.manager)
    assert await desk.data("{ catalog { name } }", **desk.agent) == {"catalog": []}
    opens = """mutation Open($in: CreateTicketInput!) { createTicket(input: $in) {
      ticket { id } userErrors { code path } } }"""
    details = {"serviceRequest": {"catalogItem": item}}
    wanted = {"type": "SERVICE_REQUEST", "title": "T", "details": details}
    refused = await desk.mutate(opens, wanted)
    path = ["input", "details", "serviceRequest", "catalogItem"]
    assert refused["userErrors"] == [{"code": "INVALID", "path": path}]
    refused = await desk.mutate(CHANGE_ITEM, retire, by=desk.agent)
    assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    log = await desk.data(LOG, **desk.manager)
    said = log["ticketSettingChanges"]["nodes"]
    assert [(each["subject"], each["key"]) for each in said] == [
        ("CATALOG_ITEM", "Pager"),
        ("CATALOG_ITEM", "Pager"),
    ]
    assert (said[0]["before"]["retired"], said[0]["after"]["retired"]) == (False, True)
    assert said[1]["before"] is None
