"""What stands beside a new subgraph: its migrations and its tests."""

from typing import Final

FILES: Final = {
    "migrations/$domain/env.py": """from kit.migrations import run_environment
from subgraphs.$domain.models import Row

run_environment(Row.metadata)
""",
    "migrations/$domain/script.py.mako": '''"""$${message}."""

from alembic import op
import sqlalchemy as sa
$${imports if imports else ""}
revision = $${repr(up_revision)}
down_revision = $${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    $${upgrades if upgrades else "pass"}


def downgrade() -> None:
    $${downgrades if downgrades else "pass"}
''',
    "migrations/$domain/versions/0001_$domain.py": '''"""The first table of $domain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)
NOW = sa.func.now()


def upgrade() -> None:
    op.create_table(
        "$domain",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_$domain"),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200",
            name="ck_${domain}_name_length",
        ),
    )
    index = "ix_${domain}_name_${domain}_id"
    op.create_index(index, "$domain", ["name", "id"])
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", ID, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("result", JSONB),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("subject", "key", name="pk_idempotency_keys"),
    )


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("$domain")
''',
    "tests/support/rights/domains/$domain/fields.yaml": """\
$Type:
  with it: [id, name]
Query:
  $domain:read: [$one]
""",
    "tests/unit/subgraphs/$domain/test_policy.py": """\
from kit.identity import ANONYMOUS, Identity
from subgraphs.$domain.policy import READ, can_read


def test_only_who_holds_the_permission_reads() -> None:
    assert can_read(Identity("usr_1", scopes=frozenset({READ})))
    assert not can_read(Identity("usr_1", scopes=frozenset({"users:read"})))
    assert not can_read(ANONYMOUS)
""",
    "tests/e2e/$domain/conftest.py": '''\
from collections.abc import AsyncGenerator, Callable

import pytest

from subgraphs.$domain.app import create_app
from tests.support.subgraph import Subgraph, running_subgraph


@pytest.fixture
async def alone(database_url: Callable[[str], str]) -> AsyncGenerator[Subgraph]:
    """The $domain subgraph alone."""
    starting = running_subgraph("$domain", create_app, database_url)
    async with starting as running:
        yield running
''',
    "tests/e2e/$domain/test_reads.py": """\
from kit.ids import new_id
from subgraphs.$domain.models import ${Type}Row
from subgraphs.$domain.policy import READ
from tests.support.subgraph import Subgraph

ONE = "query ($$id: ID!) { found: $one(id: $$id) { id name } }"


async def keep(alone: Subgraph) -> str:
    key = new_id("$prefix")
    async with alone.service.database.unit_of_work() as session:
        session.add(${Type}Row(id=key, name="First"))
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
""",
}
