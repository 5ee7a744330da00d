"""The environment and the flags."""

from pathlib import Path

import pytest

from helpnest.errors import CannotStartError
from helpnest.settings import StackSettings, address_of, port_of


def read(**env: str) -> StackSettings:
    return StackSettings.from_environment(["tickets", "users"], env)


def test_nothing_set_is_this_machine_alone_with_its_own_postgresql() -> None:
    assert read() == StackSettings(
        host="127.0.0.1", port=4000, home=Path(".helpnest"), database_urls={}
    )


def test_each_variable_is_read() -> None:
    assert read(
        HOST="0.0.0.0",  # noqa: S104 - only compared with
        PORT="4100",
        HELPNEST_HOME="/data",
        HELPNEST_USERS_DATABASE_URL="postgresql://db/users",
        HELPNEST_OTHER_DATABASE_URL="postgresql://db/other",
    ) == StackSettings(
        host="0.0.0.0",  # noqa: S104 - only compared with
        port=4100,
        home=Path("/data"),
        database_urls={"users": "postgresql://db/users"},
    )


def test_logs_are_for_a_person_unless_a_machine_reads_them() -> None:
    assert read().log_format == "text"
    assert read(HELPNEST_LOG_FORMAT="json").log_format == "json"
    with pytest.raises(CannotStartError) as refusal:
        read(HELPNEST_LOG_FORMAT="xml")
    assert str(refusal.value) == "HELPNEST_LOG_FORMAT is 'xml'; it takes json or text."


def test_an_empty_variable_is_not_set() -> None:
    assert read(HOST="", PORT="", HELPNEST_USERS_DATABASE_URL="") == read()


def test_flags_go_before_the_environment() -> None:
    given = read(PORT="4100").with_flags(None, 4200)
    assert (given.host, given.port) == ("127.0.0.1", 4200)
    assert read(PORT="4100").with_flags(None, None).port == 4100


@pytest.mark.parametrize("text", ["http", "-1", "65536", "4000.0", " 4000"])
def test_a_port_that_is_none_is_told(text: str) -> None:
    with pytest.raises(CannotStartError) as refusal:
        port_of(text)
    assert str(refusal.value) == f"PORT is {text!r}; it takes a number from 0 to 65535."


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:4000"),
        ("0.0.0.0", "http://127.0.0.1:4000"),  # noqa: S104 - only compared with
        ("::", "http://127.0.0.1:4000"),
        ("::1", "http://[::1]:4000"),
        ("nest.local", "http://nest.local:4000"),
    ],
)
def test_this_machine_reaches_what_listens(host: str, url: str) -> None:
    assert address_of(host, 4000) == url
    assert StackSettings(host=host).url == url
