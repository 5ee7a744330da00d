"""Comments, and what they said before they were changed."""

from typing import Final

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

# Who reads a comment is decided once, and nothing said is ever gone. The triggers hold
# against every role, the owner included.
KEEP: Final = (
    """
    CREATE FUNCTION refuse_to_change_comments() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'Comments are kept, as who wrote them and for whom.'
        USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER comments_are_kept BEFORE DELETE OR TRUNCATE ON comments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_comments()
    """,
    """
    CREATE TRIGGER comments_keep_their_readers BEFORE UPDATE ON comments
    FOR EACH ROW WHEN (
      (OLD.id, OLD.ticket_id, OLD.author_id, OLD.visibility, OLD.source, OLD.created_at)
      IS DISTINCT FROM
      (NEW.id, NEW.ticket_id, NEW.author_id, NEW.visibility, NEW.source, NEW.created_at)
    ) EXECUTE FUNCTION refuse_to_change_comments()
    """,
    """
    CREATE TRIGGER comment_versions_are_kept
    BEFORE UPDATE OR DELETE OR TRUNCATE ON comment_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_comments()
    """,
)


def upgrade() -> None:
    create_comments()
    op.create_table(
        "comment_versions",
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("replaced_at", INSTANT, nullable=False),
        sa.Column("replaced_by_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("comment_id", "version", name="pk_comment_versions"),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name="fk_comment_versions_comment_id"
        ),
    )
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
    for statement in KEEP:
        op.execute(statement)


def create_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("visibility", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("body_html", sa.Text, nullable=False),
        sa.Column("mention_ids", sa.ARRAY(ID), nullable=False),
        sa.Column("in_reply_to_id", ID),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("written_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("edited_at", INSTANT),
        sa.Column("deleted_at", INSTANT),
        sa.Column("deleted_by_id", ID),
        sa.Column("deletion_reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.ForeignKeyConstraint(
            ["in_reply_to_id"], ["comments.id"], name="fk_comments_in_reply_to_id"
        ),
        sa.CheckConstraint(
            "visibility IN ('PUBLIC', 'INTERNAL')", name="ck_comments_visibility"
        ),
        sa.CheckConstraint(
            "source IN ('WEB', 'EMAIL', 'API', 'SYSTEM')", name="ck_comments_source"
        ),
        sa.CheckConstraint("length(body) <= 20000", name="ck_comments_body_length"),
        sa.CheckConstraint(
            "body <> '' OR deleted_at IS NOT NULL", name="ck_comments_body_or_deleted"
        ),
        sa.CheckConstraint(
            "length(deletion_reason) <= 500",
            name="ck_comments_deletion_reason_length",
        ),
        sa.CheckConstraint(
            "cardinality(mention_ids) <= 20", name="ck_comments_mention_ids_count"
        ),
        sa.CheckConstraint(
            "in_reply_to_id <> id", name="ck_comments_not_in_reply_to_itself"
        ),
    )
    op.create_index(
        "ix_comments_ticket_id_comments_created_at_comments_id",
        "comments",
        ["ticket_id", "created_at", "id"],
    )
    op.create_index("ix_comments_in_reply_to_id", "comments", ["in_reply_to_id"])


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("comment_versions")
    op.drop_table("comments")
    op.execute("DROP FUNCTION refuse_to_change_comments()")
