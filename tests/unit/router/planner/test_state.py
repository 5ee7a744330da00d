from dataclasses import replace

import pytest

from router.errors import OperationLimitError
from router.planner import make_plan
from tests.support.planning import graph_of, operation_of, requests


def test_planning_gives_up_at_its_limit_with_an_error_of_the_requests() -> None:
    operation = operation_of("keys", "{ tickets { shelf } events { at } }")

    with pytest.raises(
        OperationLimitError, match="more than 3 planning steps"
    ) as error:
        make_plan(graph_of("keys"), operation, max_steps=3)

    assert error.value.code == "QUERY_PLAN_COMPLEXITY_EXCEEDED"


@pytest.mark.parametrize("aliases", [50, 200])
def test_the_work_grows_with_the_fields_of_an_operation(aliases: int) -> None:
    fields = " ".join(
        f"a{n}: ticket {{ cost owner {{ name }} }}" for n in range(aliases)
    )
    operation = operation_of("conditions", f"{{ {fields} }}")

    plan = make_plan(graph_of("conditions"), operation, max_steps=aliases * 20)

    assert requests(plan) == ["1 a", "2 b", "3 c"]


def test_nesting_that_would_end_the_stack_is_the_request_s_error() -> None:
    deep = operation_of("conditions", "{ ticket { cost } }")
    ticket = deep.selections.fields[0]
    assert ticket.selections is not None
    inner = ticket.selections
    for _ in range(2000):
        parent = replace(ticket, key="parent", name="parent", selections=inner)
        inner = replace(inner, fields=(parent,))
    ticket = replace(ticket, selections=inner)
    deep = replace(deep, selections=replace(deep.selections, fields=(ticket,)))

    with pytest.raises(OperationLimitError, match="nested too deeply"):
        make_plan(graph_of("conditions"), deep)
