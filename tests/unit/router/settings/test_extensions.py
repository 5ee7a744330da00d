"""HelpNest's own section: a secret that is one, networks that are some."""

import pytest

from router.settings.load import SettingsError, read_settings


def test_an_empty_secret_signs_nothing_and_a_short_one_does_not_start() -> None:
    written = "helpnest: {router_secret: '${env.S:-}'}"
    assert read_settings(written, {}).helpnest.secret is None
    assert read_settings(written, {"S": "9" * 32}).helpnest.secret == b"9" * 32
    with pytest.raises(SettingsError, match="at least 32 characters"):
        read_settings(written, {"S": "short"})


def test_the_secret_is_never_shown() -> None:
    settings = read_settings(f"helpnest: {{router_secret: {'s' * 40}}}", {})
    assert "s" * 40 not in repr(settings)


def test_a_proxy_that_is_no_network_does_not_start() -> None:
    read_settings("helpnest: {trusted_proxies: [10.0.0.1, 'fd00::/8']}", {})
    with pytest.raises(SettingsError, match="trusted_proxies"):
        read_settings("helpnest: {trusted_proxies: [everyone]}", {})
