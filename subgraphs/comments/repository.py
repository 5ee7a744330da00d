"""Every statement sent to the comments database."""

from typing import Final

from sqlalchemy import ARRAY, any_, bindparam, select

from kit.database import IdText, Query
from subgraphs.comments.models import CommentRow

COLUMNS: Final = CommentRow.__table__.c
IDS: Final = bindparam("ids", type_=ARRAY(IdText))

BY_ID: Final = Query(select(*COLUMNS).where(COLUMNS.id == any_(IDS)))
