"""Other domains' objects, of which only the id is known here."""

from typing import Any, Final

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.types import Node
from subgraphs.node.models import KINDS


def stub(name: str) -> type[Node]:
    """Make a type that only names another domain's object; its owner describes it."""
    key = Key(fields=FieldSet("id"), resolvable=False)
    made: Any = strawberry.federation.type(type(name, (Node,), {}), keys=[key])
    return made


STUBS: Final = {prefix: stub(kind.type) for prefix, kind in KINDS.items()}
"""By the prefix of their ids."""


def at_its_word(text: str) -> Node | None:
    """Make a stub of an id, or None where it is no id of ours."""
    made = STUBS.get(text.partition("_")[0])
    return made(id=strawberry.ID(text)) if made else None
