"""An engine over the small schema, once for each execution."""

import pytest

from kit.engine import (
    Engine,
    engine_for,
)
from kit.graphql import Schema
from tests.support.engines import EXECUTIONS


@pytest.fixture(params=EXECUTIONS)
def engine(request: pytest.FixtureRequest, schema: Schema) -> Engine:
    return engine_for(schema, request.param)
