"""What a migration runs so that a table of events is a feed, and stays as written.

Migrations that have run name these functions: their text is never changed. A better
way is a new function.

A **stamp** is the id of the transaction that wrote the event, or that of the entity's
event before, where that is higher: a transaction that began early and waited for the
entity writes after one that began late. So the stamp of an event is never below the
id of its transaction, and a reader who takes only stamps below every transaction that
still runs has them complete; and by (stamp, place), an entity's events follow its seq.

Transaction ids begin anew where a dump is restored into another cluster. An event
stamped with an id that nobody was given yet tells it; what is added to ids from then
on (`feed_clock`) brings new events behind all old ones.
"""

from typing import Final

CLOCK_DDL: Final = "INSERT INTO feed_clock (id, ahead) VALUES (1, 0)"

_STAMP: Final = """
CREATE FUNCTION stamp_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own bigint := pg_current_xact_id()::text::bigint;
  added bigint;
  newest bigint;
  unborn bigint;
  earlier bigint;
BEGIN
  {numbered}
  SELECT ahead, (SELECT stamp FROM events ORDER BY stamp DESC LIMIT 1),
      pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    INTO STRICT added, newest, unborn FROM feed_clock;
  IF newest - added >= greatest(unborn, own + 1) THEN
    UPDATE feed_clock SET ahead = newest WHERE ahead = added;
    SELECT ahead INTO STRICT added FROM feed_clock;
  END IF;
  IF NEW.seq > 1 THEN
    SELECT stamp INTO earlier FROM events
      WHERE {entity} = NEW.{entity} AND seq < NEW.seq ORDER BY seq DESC LIMIT 1;
  END IF;
  NEW.stamp := greatest(own + added, earlier);
  NEW.place := nextval('events_place');
  RETURN NEW;
END $$
"""

_NUMBERED: Final = """SELECT coalesce(max(seq), 0) + 1 INTO NEW.seq FROM events
    WHERE {entity} = NEW.{entity};"""


def stamping(entity: str, *, numbered: bool) -> tuple[str, ...]:
    """Write what stamps the rows of ``events``; ``entity`` is the entity's column.

    ``numbered`` gives each its ``seq`` too. Whoever writes an event holds the entity
    against all others, by a lock on its row or because it is new; of two who do not,
    one fails on the unique ``seq``.
    """
    numbers = _NUMBERED.format(entity=entity) if numbered else ""
    return (
        "CREATE SEQUENCE events_place OWNED BY events.place",
        _STAMP.format(entity=entity, numbered=numbers),
        """
        CREATE TRIGGER events_are_stamped BEFORE INSERT ON events
        FOR EACH ROW EXECUTE FUNCTION stamp_event()
        """,
    )


KEEPING: Final = (
    """
    CREATE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'Events are append-only.' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_events()
    """,
)
"""What refuses every change of an event, to every role, the table's owner included."""

REVOKING: Final = "REVOKE UPDATE, DELETE, TRUNCATE ON events FROM CURRENT_USER, PUBLIC"
"""What takes the right itself from the role that migrates and, as a rule, serves."""
