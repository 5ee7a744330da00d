from kit.ids import new_id
from subgraphs.comments.models import CommentRow
from subgraphs.comments.policy import READ
from tests.support.subgraph import Subgraph

ONE = "query ($id: ID!) { found: comment(id: $id) { id name } }"


async def keep(alone: Subgraph) -> str:
    key = new_id("cmt")
    async with alone.service.database.unit_of_work() as session:
        session.add(CommentRow(id=key, name="First"))
    return key


async def test_one_is_found_in_one_statement(alone: Subgraph) -> None:
    key = await keep(alone)
    with alone.counted() as statements:
        data = await alone.data(ONE, {"id": key}, scopes=[READ])
    assert data == {"found": {"id": key, "name": "First"}}
    assert len(statements) == 1


async def test_who_may_not_read_learns_nothing(alone: Subgraph) -> None:
    key = await keep(alone)
    data = await alone.data(ONE, {"id": key}, subject="usr_1", scopes=[])
    assert data == {"found": None}


async def test_an_id_of_another_kind_names_nothing(alone: Subgraph) -> None:
    for key in (new_id("usr"), "", "x" * 1000):
        data = await alone.data(ONE, {"id": key}, scopes=[READ])
        assert data == {"found": None}
