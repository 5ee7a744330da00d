"""What the log is told of an answer: whole, where clients may have read less."""

import structlog

from router.auth.visible import CODE, Visible
from router.errors import Problem
from router.operation.model import Operation

log = structlog.get_logger(__name__)


def tell(problems: list[Problem], operation: Operation) -> None:
    """Log what subgraphs said, whole."""
    for problem in problems:
        if problem.extensions.get("code") == CODE:
            continue  # told once for all of them, if at all
        log.warning(
            "operation.problem",
            operation=operation.name,
            message=problem.private or problem.message,
            path=problem.path,
            code=problem.extensions.get("code"),
            service=problem.extensions.get("service"),
        )


def tell_hidden(visible: Visible, operation: Operation) -> None:
    """Log what a caller was not shown."""
    log.info(
        "operation.unauthorized",
        operation=operation.name,
        paths=[".".join(map(str, path)) for path in visible.refused],
    )
