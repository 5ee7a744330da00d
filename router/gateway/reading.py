"""Text → document, and what its sender may learn of the schema on the way.

Where only those who are signed in may know the schema, strangers run what they know
to be there: they are not told what else there is, neither by introspection nor by
what is said of a document that does not fit.
"""

import re
from dataclasses import replace

from graphql import (
    ConstArgumentNode,
    FieldNode,
    NameNode,
    StringValueNode,
    Visitor,
    visit,
)

from kit.errors import UnauthenticatedError
from kit.identity import Identity
from router.gateway.documents import Document, Documents
from router.gateway.refusals import RefusedError, refuse_quietly
from router.settings.model import Settings

INVALID = "GRAPHQL_VALIDATION_FAILED"

MAY_ASK = re.compile(r"\b__(schema|type)\b")
"""Every document that introspects has one of these somewhere."""

NO_NAME = (
    ConstArgumentNode(name=NameNode(value="name"), value=StringValueNode(value="")),
)
"""No type has it."""


class Reading:
    """Documents for callers who may, or may not, know the schema."""

    def __init__(self, documents: Documents, settings: Settings) -> None:
        self._documents = documents
        self._for_all = settings.helpnest.introspection == "everyone"

    def read(self, text: str, identity: Identity) -> Document:
        """Give the document of a text.

        Raises:
            RefusedError: it is not GraphQL, too large, or not valid here.
            UnauthenticatedError: a stranger asks about the schema.

        """
        if self._for_all or identity.authenticated:
            return self._documents.read(text)
        try:
            document = self._documents.read(text)
        except RefusedError as refusal:
            if any(each["extensions"]["code"] == INVALID for each in refusal.errors):
                raise refuse_quietly(INVALID) from None
            raise
        if document.may_introspect is None:
            document.may_introspect = MAY_ASK.search(document.text) is not None
        if not document.may_introspect:
            return document
        if document.for_strangers is None:
            document.for_strangers = for_strangers(document)
        if document.for_strangers.refused:
            raise UnauthenticatedError("Sign in first: the schema is not for strangers")
        return document.for_strangers


def for_strangers(document: Document) -> Document:
    """Give a document as it means something to who may not know the schema.

    Who asks for a type by its name finds none, as if there were none of that name; who
    asks for all types is refused.
    """
    asking = Asking()
    ast = visit(document.ast, asking)
    return Document(document.text, ast, refused=asking.for_all)


class Asking(Visitor):
    """Take names out of what asks for a type, and note who asks for all."""

    def __init__(self) -> None:
        super().__init__()
        self.for_all = False

    def enter_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        """Look at a field."""
        if node.name.value == "__schema":
            self.for_all = True
        return replace(node, arguments=NO_NAME) if node.name.value == "__type" else None
