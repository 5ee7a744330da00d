from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.schema import CreateTable

from kit.database import IdText, naming_metadata


def test_every_constraint_has_a_name_that_says_what_it_is() -> None:
    metadata = naming_metadata()
    Table("box", metadata, Column("id", IdText, primary_key=True))
    thing = Table(
        "thing",
        metadata,
        Column("id", IdText, primary_key=True),
        Column("box_id", ForeignKey("box.id")),
        Column("name", IdText, unique=True),
        Column("n", Integer, index=True),
        CheckConstraint("n > 0", name="positive"),
    )

    names = {str(each.name) for each in (*thing.constraints, *thing.indexes)}
    assert names == {
        "pk_thing",
        "fk_thing_box_id",
        "uq_thing_name",
        "ck_thing_positive",
        "ix_thing_n",
    }
    assert all(isinstance(each, Index) for each in thing.indexes)


def test_ids_are_compared_byte_by_byte() -> None:
    thing = Table("thing", naming_metadata(), Column("id", IdText, primary_key=True))

    assert 'id TEXT COLLATE "C"' in str(CreateTable(thing).compile(dialect=dialect()))
