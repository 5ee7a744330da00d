"""Text → document, and what its sender may learn of the schema on the way.

Where only those who are signed in may know the schema, strangers run what they know
to be there: they are not told what else there is, neither by introspection nor by
what is said of a document that does not fit.
"""

import re

from graphql import NoSchemaIntrospectionCustomRule, validate

from kit.errors import UnauthenticatedError
from kit.identity import Identity
from router.gateway.documents import Document, Documents
from router.gateway.refusals import RefusedError, refuse_quietly
from router.settings.model import Settings

INVALID = "GRAPHQL_VALIDATION_FAILED"

MAY_ASK = re.compile(r"\b__(schema|type)\b")
"""Every document that introspects has one of these somewhere."""


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
        if document.introspects is None:
            document.introspects = self._introspects(document)
        if document.introspects:
            raise UnauthenticatedError("Sign in first: the schema is not for strangers")
        return document

    def _introspects(self, document: Document) -> bool:
        if MAY_ASK.search(document.text) is None:
            return False
        rules = [NoSchemaIntrospectionCustomRule]
        return bool(validate(self._documents.schema, document.ast, rules, max_errors=1))
