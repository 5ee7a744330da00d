"""The log hears what clients may not read, and of hidden fields once."""

import structlog

from router.auth.visible import CODE, Visible
from router.errors import Problem
from router.gateway.telling import tell, tell_hidden
from router.operation.model import Operation, SelectionSet

NAMED = Operation("query", "Mine", (), SelectionSet("Query", ()))


def test_a_problem_is_logged_in_its_own_words() -> None:
    extensions = {"code": "FORBIDDEN", "service": "users"}
    problem = Problem("redacted", ("a", 0), extensions, private="the whole story")
    hidden = Problem("hidden", ("b",), {"code": CODE})
    with structlog.testing.capture_logs() as logs:
        tell([problem, hidden], NAMED)
    assert logs == [
        {
            "event": "operation.problem",
            "log_level": "warning",
            "operation": "Mine",
            "message": "the whole story",
            "path": ("a", 0),
            "code": "FORBIDDEN",
            "service": "users",
        }
    ]


def test_hidden_fields_are_one_line() -> None:
    with structlog.testing.capture_logs() as logs:
        tell_hidden(Visible(NAMED, NAMED, (("a", "b"), ("c",))), NAMED)
    assert [each["paths"] for each in logs] == [["a.b", "c"]]
