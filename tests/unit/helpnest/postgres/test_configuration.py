"""The server's settings."""

from pathlib import Path

from helpnest.postgres.configuration import access_rules, locale_options, server_options


def options(major: int, *, durable: bool) -> dict[str, str]:
    given = server_options(major, Path("/home/run"), durable=durable)
    assert set(given[::2]) == {"-c"}
    return dict(option.split("=", 1) for option in given[1::2])


def test_nothing_listens_on_the_network() -> None:
    given = options(18, durable=True)
    assert given["listen_addresses"] == ""
    assert given["unix_socket_directories"] == "/home/run"
    assert given["unix_socket_permissions"] == "0700"


def test_what_was_acknowledged_is_on_disk() -> None:
    given = options(18, durable=True)
    safe = ("fsync", "full_page_writes", "synchronous_commit")
    assert {name: given[name] for name in safe} == dict.fromkeys(safe, "on")
    assert given["autovacuum"] == "on"


def test_an_older_server_is_spared_what_it_does_not_know() -> None:
    assert "io_method" in options(18, durable=True)
    assert "io_method" not in options(17, durable=True)


def test_one_account_may_be_each_role_and_nobody_else_anyone() -> None:
    assert access_rules("ada", ["helpnest", "helpnest_tickets"]) == {
        "pg_hba.conf": "local all all peer map=helpnest\n",
        "pg_ident.conf": (
            'helpnest "ada" "helpnest"\nhelpnest "ada" "helpnest_tickets"\n'
        ),
    }


def test_every_version_gets_a_locale_it_has() -> None:
    assert "--locale-provider=builtin" in locale_options(18)
    assert "--locale-provider=builtin" not in locale_options(16)
