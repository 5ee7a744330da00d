"""An import ends: its clocks go on in the present, at once, and nobody else's do."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.ids import new_id
from kit.scalars import write_instant
from tests.support.promises import promise, read

Desk = Any  # the fixture's class; test folders are not packages

END = """mutation End($in: ConcludeImportInput!) { concludeImport(input: $in) {
  concluded repeated userErrors { code path } } }"""


async def retold(desk: Desk, ago: timedelta) -> str:
    """Let an import tell of a ticket that was opened some time ago."""
    at = write_instant(datetime.now(UTC) - ago)
    given = {"occurredAt": at, "requesterId": desk.people.person()}
    return (await desk.open(by=desk.importer, **given))["id"]


def states(ticket: dict[str, Any]) -> list[str]:
    return [clock["state"] for clock in ticket["slaClocks"]]


async def test_clocks_of_an_import_that_is_over_stand_as_they_are(desk: Desk) -> None:
    await promise(desk)
    late = await retold(desk, timedelta(hours=20))
    soon = await retold(desk, timedelta(minutes=10))
    other = await retold(desk, timedelta(hours=20))
    assert states(await read(desk, late)) == ["RUNNING", "RUNNING"]

    given = {"ids": [late, soon, new_id("tkt"), "nothing"], "idempotencyKey": "end"}
    done = await desk.mutate(END, given, by=desk.importer)
    assert done == {"concluded": 2, "repeated": False, "userErrors": []}
    assert states(await read(desk, late)) == ["BREACHED", "BREACHED"]
    assert states(await read(desk, soon)) == ["RUNNING", "RUNNING"]
    assert states(await read(desk, other)) == ["RUNNING", "RUNNING"]
    noted = (await read(desk, late))["history"]["nodes"]
    assert [e["kind"] for e in noted].count("SLA_BREACHED") == 2

    again = await desk.mutate(END, {"ids": [late, soon]}, by=desk.importer)
    assert again == {"concluded": 0, "repeated": False, "userErrors": []}
    assert len((await read(desk, late))["history"]["nodes"]) == len(noted)


async def test_too_many_and_whoever_imports_nothing_end_nothing(desk: Desk) -> None:
    await promise(desk)
    late = await retold(desk, timedelta(hours=20))
    many = {"ids": [late, *(new_id("tkt") for _ in range(100))]}
    refused = await desk.mutate(END, many, by=desk.importer)
    assert refused["userErrors"] == [{"code": "INVALID", "path": ["input", "ids"]}]
    refused = await desk.mutate(END, {"ids": [late]}, by=desk.agent)
    assert [each["code"] for each in refused["userErrors"]] == ["FORBIDDEN"]
    assert states(await read(desk, late)) == ["RUNNING", "RUNNING"]
