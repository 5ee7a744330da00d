"""A module's name → its hooks, each known to be one."""

import difflib
import importlib
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from types import ModuleType
from typing import Any, TypeVar

import structlog

from router.errors import ConfigurationError, OurError
from router.hooks.model import (
    Answer,
    Request,
    Response,
    SubgraphRequest,
    SubgraphResponse,
    SupergraphRequest,
)

log = structlog.get_logger(__name__)

Message = TypeVar("Message")
Hook = Callable[[Message], Awaitable[Answer | None]]


class HookFailedError(OurError):
    """A hook raised, or gave back what it may not; the log has the rest."""

    code = "HOOK_FAILED"

    def __init__(self, name: str) -> None:
        super().__init__(f"The hook {name} failed")
        self.hook = name


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a module defines; None where it does not."""

    on_request: Hook[Request] | None = None
    on_supergraph_request: Hook[SupergraphRequest] | None = None
    on_subgraph_request: Hook[SubgraphRequest] | None = None
    on_subgraph_response: Hook[SubgraphResponse] | None = None
    on_response: Hook[Response] | None = None

    @property
    def of_subgraphs(self) -> bool:
        """Whether requests to subgraphs pass a hook."""
        return bool(self.on_subgraph_request or self.on_subgraph_response)


NAMES = tuple(each.name for each in fields(Hooks))


def load_hooks(module: str | None, *, fresh: bool = False) -> Hooks | None:
    """Import the module and take its hooks; ``fresh`` reads its file again.

    Raises:
        ConfigurationError: it cannot be imported, or defines something that looks
            like a hook and is none.

    """
    if module is None:
        return None
    try:
        found = importlib.import_module(module)
        if fresh:
            found = importlib.reload(found)
    except Exception as error:
        raise ConfigurationError(
            f"hooks.module: {module} cannot be imported: "
            f"{type(error).__name__}: {error}"
        ) from error
    return hooks_of(found)


def hooks_of(module: ModuleType) -> Hooks:
    """Take what is named like a hook, and refuse what is nearly so.

    Raises:
        ConfigurationError: naming the function.

    """
    found: dict[str, Any] = {}
    for name, value in vars(module).items():
        if not name.startswith("on_"):
            continue
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0)
            raise ConfigurationError(
                f"hooks.module: {module.__name__}.{name} is no hook; "
                f"did you mean {near[0]}?"
            )
        if not inspect.iscoroutinefunction(value):
            raise ConfigurationError(
                f"hooks.module: {module.__name__}.{name} must be an async function"
            )
        found[name] = value
    if not found:
        raise ConfigurationError(
            f"hooks.module: {module.__name__} defines none of {', '.join(NAMES)}"
        )
    return Hooks(**found)


async def call(name: str, hook: Hook[Message], message: Message) -> Answer | None:
    """Let a hook do its work.

    Raises:
        HookFailedError: it raised, or gave back something else than an answer.

    """
    try:
        found = await hook(message)
    except Exception as error:
        log.exception("hook.failed", hook=name)
        raise HookFailedError(name) from error
    if found is not None and not isinstance(found, Answer):  # pyright: ignore[reportUnnecessaryIsInstance] - others write it
        log.error("hook.failed", hook=name, gave=type(found).__name__)
        raise HookFailedError(name)
    return found
