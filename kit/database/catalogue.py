"""What every domain's tables have in common."""

from typing import Final

from sqlalchemy import MetaData, Text

IdText: Final = Text(collation="C")
"""The column type of ids: compared byte by byte, so that their order is their age."""


def naming_metadata() -> MetaData:
    """Give a domain's tables a catalogue in which every constraint has a name."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
