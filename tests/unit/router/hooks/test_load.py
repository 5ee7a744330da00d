"""A module of hooks is taken whole or refused with the function's name."""

from types import ModuleType
from typing import Any

import pytest

from router.errors import ConfigurationError
from router.hooks.load import HookFailedError, call, hooks_of, load_hooks
from router.hooks.model import Answer, Request


def module(**members: Any) -> ModuleType:
    found = ModuleType("my_hooks")
    vars(found).update(members)
    return found


async def on_request(_: Request) -> None: ...


def test_what_a_module_defines_is_taken_and_nothing_else() -> None:
    hooks = hooks_of(module(on_request=on_request, other=1))
    assert hooks.on_request is on_request
    assert hooks.on_response is None
    assert not hooks.of_subgraphs


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"on_reqest": on_request}, r"on_reqest is no hook; did you mean on_request\?"),
        ({"on_request": lambda _: None}, "on_request must be an async function"),
        ({}, "defines none of on_request"),
    ],
)
def test_what_is_nearly_a_hook_refuses_to_start(
    members: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        hooks_of(module(**members))


def test_no_module_is_no_hooks() -> None:
    assert load_hooks(None) is None


def test_a_module_that_is_not_there_refuses_to_start() -> None:
    with pytest.raises(ConfigurationError, match="no_such_hooks cannot be imported"):
        load_hooks("no_such_hooks")


async def test_a_hook_that_raises_is_named() -> None:
    async def broken(_: Request) -> None:
        raise ValueError("secret")

    with pytest.raises(HookFailedError, match=r"^The hook on_request failed$"):
        await call("on_request", broken, Request([]))


async def test_a_hook_that_gives_back_something_else_has_failed() -> None:
    async def odd(_: Request) -> Any:
        return {"data": None}

    with pytest.raises(HookFailedError):
        await call("on_request", odd, Request([]))


async def test_a_hooks_answer_is_handed_on() -> None:
    async def short(_: Request) -> Answer:
        return Answer({"a": 1})

    assert await call("on_request", short, Request([])) == Answer({"a": 1})
