"""Structured logs: one JSON object a line, or coloured text for a person.

No line holds a token or a password: what is named like one is struck out, and so is
what looks like one inside a text. Exceptions are written with their stack, never with
the values of local variables.
"""

import logging
import re
import sys
import traceback
from contextvars import ContextVar
from typing import Final, Literal, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

request_id: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
"""The request being served, so that every line written for it can be found."""

STRUCK: Final = "***"

SECRET_NAMES: Final = frozenset(
    {"authorization", "cookie", "password", "secret", "token", "credentials"}
)
"""A text is struck out whose name ends with one of these: dbPassword, tokens."""

_NAMED: Final = re.compile(f"(?:{'|'.join(SECRET_NAMES)})s?$", re.IGNORECASE)

SECRET_TEXTS: Final = re.compile(
    r"eyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JWT
    r"|(?<=earer )\S+"  # what follows Bearer
    r"|(?<=://)([^\s/:@]*):[^\s/@]+(?=@)"  # the password in a URL
)


def add_request_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Name the request in each line that is written while it is served."""
    current = request_id.get()
    if current is not None:
        event.setdefault("request_id", current)
    return event


def strike_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Strike out what nobody may read in a log."""
    return cast("EventDict", clean(event))


def clean(value: object) -> object:
    """Copy a value without its secrets.

    >>> clean({"refresh_token": "abc", "url": "postgresql://ada:pw@db/users"})
    {'refresh_token': '***', 'url': 'postgresql://ada:***@db/users'}
    """
    if isinstance(value, str):
        return SECRET_TEXTS.sub(_struck, value)
    if isinstance(value, dict):
        members = cast("dict[object, object]", value)
        return {
            name: STRUCK if _is_secret(name, member) else clean(member)
            for name, member in members.items()
        }
    if isinstance(value, list | tuple):
        return [clean(member) for member in cast("list[object]", value)]
    return value


def _is_secret(name: object, value: object) -> bool:
    named = _NAMED.search(str(name)) is not None
    return named and not isinstance(value, int | float | None)


def _struck(found: re.Match[str]) -> str:
    return STRUCK if found[1] is None else f"{found[1]}:{STRUCK}"


def write_stack(sio: TextIO, exc_info: ExcInfo) -> None:
    """Write an exception for a person, as Python does, its secrets struck out."""
    sio.write("\n" + str(clean("".join(traceback.format_exception(*exc_info)))))


def write_json(event: EventDict, **_: object) -> str:
    """Write a line of JSON; what JSON does not know is written as a text."""
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


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
        [
            strike_secrets,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=write_stack
            ),
        ]
        if style == "text"
        else [
            structlog.processors.format_exc_info,
            strike_secrets,
            structlog.processors.JSONRenderer(serializer=write_json),
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
