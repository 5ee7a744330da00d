"""Who may prove what, as router.yaml says it; what could let anybody in is refused."""

from typing import Any, get_args

import pytest
import yaml

from kit.key_set import FITTING
from router.settings.identity import Algorithm
from router.settings.load import SettingsError, read_settings

ISSUER = {"url": "https://issuer/keys", "issuers": ["i"], "audiences": ["a"]}


def read(jwt: dict[str, Any]) -> Any:
    written = yaml.safe_dump({"authentication": {"router": {"jwt": jwt}}})
    return read_settings(written, {}).authentication.router.jwt


def test_several_issuers_each_with_what_it_may_say() -> None:
    other = {"url": "file:/keys.json", "issuers": ["b"], "audiences": ["x", "y"]}
    found = read({"jwks": [ISSUER, {**other, "algorithms": ["RS256", "EdDSA"]}]})
    assert [each.issuers for each in found.jwks] == [("i",), ("b",)]
    assert found.jwks[1].algorithms == ("RS256", "EdDSA")
    assert found.jwks[0].poll_interval == 30


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuers": []},
        {"audiences": []},
        {"algorithms": ["none"]},
        {"algorithms": ["HS256"]},
        {"headers": [{"name": "a b", "value": "x"}]},
        {"poll_intervall": "3s"},
    ],
)
def test_what_would_believe_too_much_does_not_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        read({"jwks": [{**ISSUER, **wrong}]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": [{"type": "query", "name": "token"}]},
        {"sources": [{"type": "cookie", "name": "a; b"}]},
        {"header_name": "Authorization: x"},
    ],
)
def test_tokens_stand_in_headers_and_cookies_alone(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        read(wrong)


def test_the_algorithms_are_those_that_keys_may_have() -> None:
    assert set(get_args(Algorithm)) == {
        name for fitting in FITTING.values() for name in fitting
    }
