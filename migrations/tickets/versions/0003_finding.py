"""Finding work and relations: full text, watchers, links, merges, queues."""

import re
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS: Final = ("LINKED", "MERGED")

# Accents and the width of letters do not count, and punctuation parts words: without
# an extension, so that every PostgreSQL has it. It is IMMUTABLE, as a generated
# column demands: none of the functions looks at a setting.
SEARCHABLE: Final = r"""
CREATE FUNCTION searchable(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_replace(
    regexp_replace(normalize(written, NFKD), '[\u0300-\u036f]+', '', 'g'),
    '[!-/:-@[-`{-~]+', ' ', 'g')
$$
"""
DOCUMENT: Final = (
    "setweight(to_tsvector('simple'::regconfig, searchable(title)), 'A') || "
    "setweight(to_tsvector('simple'::regconfig, "
    "searchable(coalesce(description, ''))), 'D')"
)

# pg_trgm comes with PostgreSQL and may be made by a database's owner. Where it was
# left out, texts are found all the same, by reading along the list's own order.
TRIGRAMS: Final = """
DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX ix_tickets_trigrams ON tickets
    USING gin (title gin_trgm_ops, number gin_trgm_ops);
EXCEPTION WHEN undefined_file OR insufficient_privilege OR feature_not_supported THEN
  RAISE NOTICE 'pg_trgm is not to be had: titles are compared without an index.';
END $$
"""


def kinds() -> list[str]:
    """Read which kinds of event the database allows now."""
    written: str = op.get_bind().scalar(
        sa.text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conname = 'ck_events_eventkind'"
        )
    )
    return re.findall(r"'(\w+)'", written)


def allow(words: list[str]) -> None:
    """Allow these kinds of event and no others."""
    op.drop_constraint(op.f("ck_events_eventkind"), "events", type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(
        op.f("ck_events_eventkind"), "events", f"kind IN ({listed})"
    )


def word(*values: str, name: str) -> sa.Enum:
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=20
    )


def upgrade() -> None:
    op.execute(SEARCHABLE)
    op.add_column(
        "tickets",
        sa.Column(
            "search", postgresql.TSVECTOR(), sa.Computed(DOCUMENT, persisted=True)
        ),
    )
    op.add_column(
        "tickets",
        sa.Column(
            "watcher_ids",
            sa.ARRAY(sa.Text(collation="C")),
            server_default="{}",
            nullable=False,
        ),
    )
    op.add_column("tickets", sa.Column("merged_into_id", sa.Text(collation="C")))
    op.create_foreign_key(
        op.f("fk_tickets_merged_into_id"),
        "tickets",
        "tickets",
        ["merged_into_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_tickets_not_merged_into_itself"), "tickets", "merged_into_id <> id"
    )
    for name in ("search", "watcher_ids"):
        op.create_index(
            op.f(f"ix_tickets_{name}"), "tickets", [name], postgresql_using="gin"
        )
    op.create_index(
        op.f("ix_tickets_merged_into_id"),
        "tickets",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_tickets_priority_rank_tickets_opened_at_tickets_id"),
        "tickets",
        ["priority_rank", "opened_at", "id"],
    )
    op.create_index(
        "ix_tickets_urgent_and_new",
        "tickets",
        ["priority_rank", sa.text("opened_at DESC"), sa.text("id DESC")],
    )
    op.execute(TRIGRAMS)
    allow([*kinds(), *KINDS])
    make_relations()
    make_queues()


def make_relations() -> None:
    op.create_table(
        "ticket_watchers",
        sa.Column("ticket_id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "reason",
            word(
                "MANUAL", "REQUESTER", "MENTIONED", "CC", "APPROVER", name="watchreason"
            ),
            nullable=False,
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_watchers_ticket_id")
        ),
        sa.PrimaryKeyConstraint(
            "ticket_id", "user_id", name=op.f("pk_ticket_watchers")
        ),
    )
    op.create_table(
        "ticket_links",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("from_id", sa.Text(collation="C"), nullable=False),
        sa.Column("to_id", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "kind",
            word(
                "RELATES_TO",
                "DUPLICATES",
                "BLOCKS",
                "CAUSED_BY",
                "PARENT_OF",
                "RESOLVED_BY",
                name="linkkind",
            ),
            nullable=False,
        ),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_by_id", sa.Text(collation="C"), nullable=True),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_ticket_links_two_ends")),
        sa.CheckConstraint(
            "kind <> 'RELATES_TO' OR from_id < to_id",
            name=op.f("ck_ticket_links_said_once"),
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["tickets.id"], name=op.f("fk_ticket_links_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["tickets.id"], name=op.f("fk_ticket_links_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_links")),
        sa.UniqueConstraint(
            "from_id", "to_id", "kind", name=op.f("uq_ticket_links_from_id_to_id_kind")
        ),
    )
    for end in ("from_id", "to_id"):
        op.create_index(
            op.f(f"ix_ticket_links_{end}_ticket_links_id"), "ticket_links", [end, "id"]
        )
    op.create_index(
        "ix_ticket_links_one_parent",
        "ticket_links",
        ["to_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'PARENT_OF'"),
    )


def make_queues() -> None:
    op.create_table(
        "queues",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            word("EVERYONE", "GROUP", "OWNER", name="queuevisibility"),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Text(collation="C"), nullable=False),
        sa.Column("group_id", sa.Text(collation="C"), nullable=True),
        sa.Column("filter", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("order_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name=op.f("ck_queues_name_length")
        ),
        sa.CheckConstraint(
            "visibility <> 'GROUP' OR group_id IS NOT NULL",
            name=op.f("ck_queues_group_named"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queues")),
    )
    for column in ("owner_id", "group_id"):
        op.create_index(op.f(f"ix_queues_{column}"), "queues", [column])


def downgrade() -> None:
    for table in ("queues", "ticket_links", "ticket_watchers"):
        op.drop_table(table)
    allow([kind for kind in kinds() if kind not in KINDS])
    op.execute("DROP INDEX IF EXISTS ix_tickets_trigrams")
    for index in (
        "ix_tickets_urgent_and_new",
        "ix_tickets_priority_rank_tickets_opened_at_tickets_id",
    ):
        op.drop_index(index, "tickets")
    for column in ("merged_into_id", "watcher_ids", "search"):
        op.drop_column("tickets", column)
    op.execute("DROP FUNCTION searchable")
