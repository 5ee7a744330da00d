"""What `up` reads and says; tests/e2e starts it."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from helpnest import up
from helpnest.settings import StackSettings
from helpnest.up import settings_for, tell_ready, with_secrets


def test_flags_go_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "4100")
    assert settings_for(None, None).port == 4100
    assert settings_for(None, 4200).port == 4200


def test_who_started_it_is_told_where_it_answers() -> None:
    said = io.StringIO()
    tell_ready(Console(file=said, width=200), StackSettings(port=4100))
    assert said.getvalue() == (
        "HelpNest is ready on http://127.0.0.1:4100 (GraphQL: "
        "http://127.0.0.1:4100/graphql, GraphiQL: "
        "http://127.0.0.1:4100/graphiql). Ctrl-C stops it.\n"
    )


def test_who_starts_it_without_graphiql_is_not_sent_there() -> None:
    said = io.StringIO()
    tell_ready(Console(file=said, width=200), StackSettings(port=4100, graphiql=False))
    assert said.getvalue() == (
        "HelpNest is ready on http://127.0.0.1:4100 "
        "(GraphQL: http://127.0.0.1:4100/graphql). Ctrl-C stops it.\n"
    )


def test_secrets_are_added_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "environment", dict[str, str])
    settings = with_secrets(StackSettings(home=tmp_path))
    assert len(settings.secrets) == 3
    assert not any(secret in repr(settings) for secret in settings.secrets.values())
