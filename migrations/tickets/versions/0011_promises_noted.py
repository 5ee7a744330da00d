"""Changes of calendars and policies are noted; consent is waited for."""

from typing import Final

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SUBJECTS: Final = (
    "STATUS",
    "TRANSITION",
    "LIFECYCLE",
    "RESOLUTION_CODE",
    "PRIORITY",
    "CATEGORY",
    "SERVICE",
    "CATALOG_ITEM",
    "CUSTOM_FIELD",
)
ADDED: Final = ("BUSINESS_CALENDAR", "SLA_POLICY")

WAIT_FOR_CONSENT: Final = """
UPDATE transitions SET checks = '{APPROVAL_PENDING}'
FROM statuses AS source, statuses AS target
WHERE transitions.type = 'SERVICE_REQUEST' AND transitions.checks = '{}'
  AND source.id = transitions.from_id AND target.id = transitions.to_id
  AND source.category IN ('NEW', 'IN_PROGRESS', 'ON_HOLD')
  AND target.category IN ('RESOLVED', 'CLOSED')
  AND NOT EXISTS (
    SELECT FROM setting_changes AS change WHERE change.subject = 'TRANSITION'
    AND change.key = 'SERVICE_REQUEST ' || source.key || ' → ' || target.key)
"""
"""At the steps by which a service request is done with, giving it up being none; what
an administrator has set stays as they set it."""

WAIT_FOR_NOBODY: Final = """
UPDATE transitions SET checks = '{}'
FROM statuses AS source, statuses AS target
WHERE transitions.type = 'SERVICE_REQUEST'
  AND transitions.checks = '{APPROVAL_PENDING}'
  AND source.id = transitions.from_id AND target.id = transitions.to_id
  AND source.category IN ('NEW', 'IN_PROGRESS', 'ON_HOLD')
  AND target.category IN ('RESOLVED', 'CLOSED')
  AND NOT EXISTS (
    SELECT FROM setting_changes AS change WHERE change.subject = 'TRANSITION'
    AND change.key = 'SERVICE_REQUEST ' || source.key || ' → ' || target.key)
"""


def upgrade() -> None:
    allow_subjects((*SUBJECTS, *ADDED))
    op.execute(WAIT_FOR_CONSENT)


def allow_subjects(words: tuple[str, ...]) -> None:
    name = op.f("ck_setting_changes_settingsubject")
    op.drop_constraint(name, "setting_changes", type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(name, "setting_changes", f"subject IN ({listed})")


def downgrade() -> None:
    op.execute(WAIT_FOR_NOBODY)
    op.execute("ALTER TABLE setting_changes DISABLE TRIGGER setting_changes_are_kept")
    op.execute(
        "DELETE FROM setting_changes "
        "WHERE subject IN ('BUSINESS_CALENDAR', 'SLA_POLICY')"
    )
    op.execute("ALTER TABLE setting_changes ENABLE TRIGGER setting_changes_are_kept")
    allow_subjects(SUBJECTS)
