import json
import logging
from collections.abc import Callable, Generator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from kit.logs import clean, configure_logs, request_id
from tests.support.tokens import sign

PASSWORD = "correct horse battery staple"


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Generator[Callable[..., str]]:
    """Configure logs of a style, do something, and give what was written."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    before = structlog.get_config()

    def write(style: Any, say: Callable[[Any], object]) -> str:
        configure_logs(style)
        say(structlog.get_logger("test"))
        return capsys.readouterr().err

    yield write
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def in_json(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_line_is_one_json_object(written: Callable[..., str]) -> None:
    line = in_json(written("json", lambda log: log.info("sent", count=3)))

    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "sent", "count": 3, "level": "info", "logger": "test"}


def test_libraries_speak_json_too(written: Callable[..., str]) -> None:
    text = written("json", lambda _: logging.getLogger("lib").warning("hm %s", 1))

    assert in_json(text)["event"] == "hm 1"
    assert in_json(text)["logger"] == "lib"


def test_each_line_names_the_request_it_was_written_for(
    written: Callable[..., str],
) -> None:
    reset = request_id.set("req-7")
    try:
        text = written("json", lambda log: log.info("sent"))
    finally:
        request_id.reset(reset)

    assert in_json(text)["request_id"] == "req-7"


def test_outside_a_request_no_request_is_named(written: Callable[..., str]) -> None:
    assert "request_id" not in in_json(written("json", lambda log: log.info("up")))


def test_a_text_of_several_lines_stays_one_line(written: Callable[..., str]) -> None:
    text = written("json", lambda log: log.info('a\n{"event":"forged"}', b="c\r\nd"))

    assert text.count("\n") == 1
    assert in_json(text)["event"] == 'a\n{"event":"forged"}'


def test_what_json_does_not_know_is_written_as_text(
    written: Callable[..., str],
) -> None:
    class Thing:
        def __str__(self) -> str:
            return "a thing"

    line = in_json(written("json", lambda log: log.info("x", y=Thing(), z={1: 2})))

    assert (line["y"], line["z"]) == ("a thing", {"1": 2})


def fail(token: str) -> None:
    password = PASSWORD
    raise ValueError(f"cannot use {token[:0]}it", len(password))


@pytest.mark.parametrize("style", ["json", "text"])
def test_an_exception_is_written_whole_but_for_its_values(
    written: Callable[..., str], style: str
) -> None:
    def say(log: Any) -> None:
        try:
            fail(sign())
        except ValueError:
            log.exception("broken")

    text = written(style, say)

    assert "ValueError" in text
    assert "in fail" in text
    assert PASSWORD not in text


@pytest.mark.parametrize("style", ["json", "text"])
def test_no_token_or_password_is_written(
    written: Callable[..., str], style: str
) -> None:
    token = sign()
    url = f"postgresql://ada:{PASSWORD.replace(' ', '')}@db/users"

    def say(log: Any) -> None:
        log.info("a", authorization=f"Bearer {token}", password=PASSWORD)
        log.info("b", headers={"Authorization": token, "set-cookie": PASSWORD})
        log.info("got %s from %s", token, url, deep=[{"refreshToken": PASSWORD}])
        log.info("c", said="Authorization: Bearer correctx1")
        logging.getLogger("lib").warning("for %s with %s", token, url)
        log.error("d", exc_info=ValueError(f"{token} {url}"))

    text = written(style, say)

    assert token.split(".")[2] not in text
    assert token.split(".")[1] not in text
    assert PASSWORD not in text
    assert PASSWORD.replace(" ", "") not in text
    assert "correctx1" not in text
    assert text.count("***") >= 9


@pytest.mark.parametrize(
    "name",
    ["token", "accessToken", "refresh_token", "tokens", "Authorization", "db.password"],
)
def test_what_is_named_like_a_secret_is_struck_out(name: str) -> None:
    assert clean({name: "abc"}) == {name: "***"}


@pytest.mark.parametrize("name", ["tokens_left", "token_id", "secretary", "path"])
def test_what_only_sounds_like_a_secret_stays(name: str) -> None:
    assert clean({name: "abc"}) == {name: "abc"}


@given(
    st.recursive(
        st.none() | st.integers() | st.text(alphabet="abc :/@.é"),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("xyz"), inner),
    )
)
def test_what_holds_no_secret_stays_as_it_was(value: object) -> None:
    if "://" not in repr(value):
        assert clean(value) == value
