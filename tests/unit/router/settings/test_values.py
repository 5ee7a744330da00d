"""A value that would mean nothing, or something else, does not start."""

import pytest

from router.settings import SettingsError, read_settings

JWKS = "authentication: {router: {jwt: {jwks: [{issuers: [i], audiences: [a], %s}]}}}"
RULE = "headers: {all: {request: [%s]}}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("traffic_shaping: {all: {timeout: 0s}}", "all.timeout: Input should be gre"),
        ("traffic_shaping: {router: {timeout: -1}}", "router.timeout: Input should be"),
        (
            "traffic_shaping: {router: {timeout: .inf}}",
            "less than or equal to 3153",
        ),
        ("traffic_shaping: {router: {timeout: .nan}}", "router.timeout"),
        ("traffic_shaping: {router: {timeout: yes}}", "true is no number"),
        ("traffic_shaping: {router: {timeout: 3us}}", "written like 3s"),
        ("cors: {max_age: no}", "cors.max_age: false is no number"),
        ("cors: {policies: [{origins: ['http://a'], max_age: on}]}", "written like 3s"),
        ("limits: {max_depth: yes}", "limits.max_depth: true is no number"),
        ("traffic_shaping: {router: {concurrency_limit: no}}", "false is no number"),
        ("helpnest: {budgets: {roles: {agent: {request: on}}}}", "true is no number"),
        (JWKS % "url: 'https://i/k', poll_interval: 0", "poll_interval: Input should"),
        (JWKS % "url: ftp://issuer/keys", "jwks.0.url"),
        (JWKS % "url: issuer.example.com", "jwks.0.url"),
        (JWKS % "url: 'https://'", "jwks.0.url"),
        (JWKS % "url: 'https://i/k', revocations_url: x", "revocations_url"),
        ("supergraph: {path: graphql}", "supergraph.path"),
        ("supergraph: {path: '/graphql/*'}", "supergraph.path"),
        ("supergraph: {path: '/{tenant}'}", "supergraph.path"),
        (
            "supergraph: {path: /health}",
            "health_check.path: /health is super",
        ),
        ("supergraph: {listen: localhost}", "'localhost' is not host:port"),
        ("supergraph: {listen: '127.0.0.1:70000'}", "is not host:port"),
        ("supergraph: {listen: '::1:4000'}", "is not host:port"),
        (
            "telemetry: {exporters: {metrics: {prometheus: {listen: 'here:x'}}}}",
            "prometheus.listen: 'here:x' is not host:port",
        ),
        (RULE % "{propagate: {named: 'a b'}}", "propagate.named"),
        (RULE % "{propagate: {named: ''}}", "propagate.named"),
        (RULE % "{propagate: {named: a, rename: 'ä'}}", "propagate.rename"),
        (RULE % '{propagate: {named: a, default: "b\\nc: d"}}', "propagate.default"),
        (RULE % "{propagate: {matching: '→'}}", "not a regular expression of names"),
        (RULE % "{remove: {matching: '\\u0061'}}", "not a regular expression of names"),
        (RULE % '{insert: {name: a, value: "b\\r\\nc: d"}}', "insert.value"),
        (RULE % "{insert: {name: a, value: '→'}}", "insert.value"),
        (RULE % "{insert: {name: a, value: ' b'}}", "insert.value"),
        ("cors: {origins: ['https://a.example/']}", "cors.origins.0: 'https://a.exam"),
        ("cors: {origins: ['https://A.example']}", "is no origin"),
        ("cors: {origins: [a.example]}", "is no origin"),
        ("cors: {policies: [{origins: ['https://ä.example']}]}", "is no origin"),
        ('cors: {allow_headers: ["a\\nb"]}', "cors.allow_headers.0"),
        ("csrf: {required_headers: [Accept]}", "'Accept' proves nothing"),
        ("csrf: {required_headers: [x-mine, Sec-Fetch-Site]}", "proves nothing"),
    ],
)
def test_a_value_that_could_not_work_is_refused_with_its_place(
    text: str, says: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(text, {})
    assert says in str(refused.value)


def test_what_looks_odd_and_works_is_taken() -> None:
    settings = read_settings(
        """
        supergraph: {listen: "[::1]:0", path: /}
        cors: {origins: ["null", "http://[::1]:3000", "app+x://a-b"], max_age: 0}
        headers: {all: {request: [{insert: {name: X_a, value: "ä b"}}]}}
        traffic_shaping: {router: {timeout: 0.5, concurrency_limit: null}}
        authentication:
          router: {jwt: {jwks: [{url: "file:keys.json", issuers: [i], audiences: [a]}]}}
        """,
        {},
    )
    assert settings.supergraph.listen == "[::1]:0"
    assert settings.cors.max_age == 0
    assert settings.traffic_shaping.router.timeout == 0.5
