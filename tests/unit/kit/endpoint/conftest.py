"""An endpoint over the small schema, without a database."""

from typing import Any, cast

import pytest

from kit.database import Database
from kit.endpoint import (
    GraphQLEndpoint,
)
from kit.engine import engine_for
from kit.graphql import Context, Schema
from kit.public_graph import PublicGraph
from tests.support.execution import EXECUTION
from tests.support.tokens import verifier


@pytest.fixture
def endpoint(schema: Schema) -> GraphQLEndpoint:
    nowhere: Any = None
    return GraphQLEndpoint(
        engine=engine_for(schema, EXECUTION),
        database=cast("Database", nowhere),
        verifier=verifier(),
        graph=PublicGraph(nowhere, "http://nowhere"),
        make_context=Context,
    )
