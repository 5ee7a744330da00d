import pytest

from kit.settings import ServiceSettings, SettingsError

URL = {"HELPNEST_USERS_DATABASE_URL": "postgresql://db/users"}


def read(**more: str) -> ServiceSettings:
    return ServiceSettings.from_environment("users", URL | more)


def test_the_database_is_all_that_must_be_named() -> None:
    assert read() == ServiceSettings(
        domain="users", database_url="postgresql://db/users"
    )


def test_what_is_not_set_is_on_the_safe_and_fast_side() -> None:
    settings = read()

    assert settings.execution == "compiled"
    assert settings.log_format == "json"
    assert (settings.issuer, settings.audience) == ("helpnest", "helpnest")
    assert settings.graph_url.startswith("http://127.0.0.1:")
    assert not settings.log_requests


def test_every_variable_is_read() -> None:
    assert read(
        HELPNEST_GRAPH_URL="http://router/graphql",
        HELPNEST_JWKS_URL="http://auth/keys",
        HELPNEST_REVOCATIONS_URL="http://auth/revoked",
        HELPNEST_ISSUER="them",
        HELPNEST_AUDIENCE="us",
        HELPNEST_EXECUTION="standard",
        HELPNEST_ROUTER_SECRET="s" * 32,
        HELPNEST_USERS_KEY_SECRET="k",
        HELPNEST_LOG_FORMAT="text",
        HELPNEST_INTROSPECTION="off",
        HELPNEST_LOG_REQUESTS="on",
    ) == ServiceSettings(
        domain="users",
        database_url="postgresql://db/users",
        graph_url="http://router/graphql",
        jwks_url="http://auth/keys",
        revocations_url="http://auth/revoked",
        issuer="them",
        audience="us",
        execution="standard",
        router_secret="s" * 32,
        key_secret="k",
        log_format="text",
        introspection=False,
        log_requests=True,
    )


def test_a_domain_does_not_take_anothers_database() -> None:
    with pytest.raises(SettingsError, match="HELPNEST_TICKETS_DATABASE_URL is not set"):
        ServiceSettings.from_environment("tickets", URL)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELPNEST_EXECUTION", "fast"),
        ("HELPNEST_INTROSPECTION", "false"),
        ("HELPNEST_LOG_FORMAT", "xml"),
        ("HELPNEST_LOG_REQUESTS", "yes"),
    ],
)
def test_a_misspelt_switch_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is '{value}'; it takes") as error:
        read(**{name: value})
    assert error.value.name == name


def test_an_empty_variable_counts_as_unset() -> None:
    empty = dict.fromkeys(
        ["HELPNEST_EXECUTION", "HELPNEST_INTROSPECTION", "HELPNEST_ROUTER_SECRET"], ""
    )

    assert read(**empty) == read()


def test_a_short_secret_is_refused_and_not_quoted() -> None:
    with pytest.raises(SettingsError, match="fewer than 32") as error:
        read(HELPNEST_ROUTER_SECRET="hunter2")

    assert "hunter2" not in str(error.value)
