"""Structured logs: one JSON object a line, or coloured text for a person."""

import logging
import sys
from contextvars import ContextVar
from typing import Final, Literal

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

request_id: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
"""The request being served, so that every line written for it can be found."""


def add_request_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Name the request in each line that is written while it is served."""
    current = request_id.get()
    if current is not None:
        event.setdefault("request_id", current)
    return event


def configure_logs(
    style: Literal["json", "text"] = "json", level: int = logging.INFO
) -> None:
    """Send the project's and its libraries' logs to standard error in one style."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        add_request_id,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if style == "text"
        else [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(
                serializer=lambda event, **_: orjson.dumps(event, default=str).decode()
            ),
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("httpx", "httpcore", "asyncio", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
