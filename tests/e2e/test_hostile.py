"""Whatever is sent to the router, or past it: a 4xx that says why; nothing is run."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm, HMACAlgorithm

from tests.support.forgery import HEADER, encoded, with_signature
from tests.support.hostile import JSON, OK, Hostile, requests, values
from tests.support.hostile_edge import of_router
from tests.support.stack import Graph
from tests.support.tokens import bearer, claims_of, private_key, public_jwk, sign

SERVERS = ("router", "auth", "comments", "groups", "node", "tickets", "users")
LONGEST_CPU = 3.0
"""Seconds of a processor for one request, on a machine that does much else besides.

A tenth is promised of the router on an idle one. Subgraphs parse what the router may
send, which is ten times more; from outside, the proof keeps it off.
"""

SHORT = 8  # a "token" of fewer characters may stand in any sentence

WHO: dict[str, Any] = {"subject": "usr_1", "scopes": ["tickets:read", "users:read"]}


@dataclass
class Target:
    """One server, asked directly, and what reached the databases behind it."""

    name: str
    http: httpx.AsyncClient
    graph: Graph

    async def send(self, each: Hostile, headers: dict[str, str]) -> httpx.Response:
        url = "/graphql" + (f"?{each.query}" if each.query else "")
        request = self.http.build_request(
            each.method, url, content=each.body, headers={**each.headers, **headers}
        )
        return await self.http.send(request)

    def executed(self) -> int:
        """Count what was asked of subgraphs by the router, and of databases."""
        statements = sum(len(each) for each in self.graph.statements.values())
        asked = sum(self.graph.requests.values()) if self.name == "router" else 0
        return statements + asked


def target(graph: Graph, name: str) -> Target:
    app: Any = graph.stack.app if name == "router" else graph.stack.services[name]
    transport = httpx.ASGITransport(app)
    return Target(
        name, httpx.AsyncClient(transport=transport, base_url="http://x"), graph
    )


def wrong_with(answer: httpx.Response, *statuses: int) -> str | None:
    """Say what is wrong with a refusal, if anything is."""
    if answer.status_code not in (statuses or range(400, 500)):
        return f"status {answer.status_code}: {answer.text[:200]}"
    try:
        body = answer.json()
        reason = body["errors"][0]
        named = reason["message"] and reason["extensions"]["code"]
    except (ValueError, LookupError, TypeError):
        return f"no named reason: {answer.text[:200]}"
    if not named or named == "INTERNAL" or body.get("data") is not None:
        return f"no refusal: {answer.text[:200]}"
    return None


async def refuse_all(
    at: Target, hostile: Iterable[Hostile], headers: dict[str, str]
) -> dict[str, str]:
    """Send each; say what was wrong with the answers to which."""
    wrong: dict[str, str] = {}
    for each in hostile:
        before, began = at.executed(), time.process_time()
        answer = await at.send(each, headers)
        took = time.process_time() - began
        said = wrong_with(answer)
        if said is not None:
            wrong[each.name] = said
        elif at.executed() != before:
            wrong[each.name] = "something was run"
        elif took > LONGEST_CPU:
            wrong[each.name] = f"took {took:.3f} s"
    return wrong


def meant_for(name: str) -> list[Hostile]:
    found = [each for each in requests() if not each.only or name in each.only]
    if name == "router":
        found += of_router()
    listed = {"router": "tickets", "tickets": "tickets", "users": "users"}.get(name)
    if listed is not None:
        found += [
            Hostile(value, json.dumps(body).encode()) for value, body in values(listed)
        ]
    return found


@pytest.mark.parametrize("name", SERVERS)
async def test_malformed_and_hostile_requests_are_refused(
    graph: Graph, name: str
) -> None:
    at = target(graph, name)
    hostile = meant_for(name)
    assert len({each.name for each in hostile}) == len(hostile) >= 100
    await at.send(Hostile("first"), bearer(**WHO))  # whatever is made on first use
    with graph.counted():
        wrong = await refuse_all(at, hostile, bearer(**WHO))
    assert wrong == {}
    good = await at.send(Hostile("good"), bearer(**WHO))
    assert good.json() == {"data": {"__typename": "Query"}}
    await at.http.aclose()


def pem() -> bytes:
    return (
        private_key()
        .public_key()
        .public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def hmac_signed(secret: bytes, header: dict[str, Any]) -> str:
    signing_input = f"{encoded(header)}.{encoded(claims_of())}"
    algorithm = HMACAlgorithm(HMACAlgorithm.SHA256)
    return f"{signing_input}.{encoded(algorithm.sign(signing_input.encode(), secret))}"


def forged_tokens() -> dict[str, str]:
    """Make tokens that prove nothing, by what is wrong with them."""
    claims, other = claims_of(), ec.generate_private_key(ec.SECP256R1())
    head, body, signature = sign("usr_1").split(".")
    secret = encoded(b"x" * 32)
    found = {
        "no token": "x",
        "dots": "..",
        "one part": head,
        "two parts": f"{head}.{body}",
        "no signature": f"{head}.{body}.",
        "four parts": f"{head}.{body}.{signature}.{signature}",
        "five parts, as if encrypted": f"{head}.{body}.{body}.{body}.{signature}",
        "half a signature": f"{head}.{body}.{signature[:40]}",
        "a signature of zeros": f"{head}.{body}.{encoded(bytes(64))}",
        "a signature of another token": f"{head}.{body}." + sign("usr_2").split(".")[2],
        "other claims": f"{head}.{encoded({**claims, 'sub': 'usr_admin'})}.{signature}",
        "no JSON": f"{encoded(b'x')}.{body}.{signature}",
        "a list": f"{encoded([])}.{body}.{signature}",
        "no base64": f"{head}.%%%.{signature}",
        "9,000 bytes": sign("usr_1", padding="x" * 9_000),
        "another key": with_signature(HEADER, claims, other),
        "its own key": with_signature(
            {**HEADER, "jwk": public_jwk(other)}, claims, other
        ),
        "the public key as a secret": hmac_signed(pem(), {**HEADER, "alg": "HS256"}),
        "the key set as a secret": hmac_signed(
            ECAlgorithm.to_jwk(private_key().public_key()).encode(),
            {**HEADER, "alg": "HS256"},
        ),
        "no secret at all": hmac_signed(b"", {**HEADER, "alg": "HS256"}),
        "a member twice": with_signature(
            b'{"alg":"ES256","alg":"none","kid":"test-key","typ":"at+jwt"}', claims
        ),
        "a claim twice": with_signature(
            HEADER,
            orjson.dumps(claims)[:-1] + b',"sub":"usr_admin"}',
        ),
        "deep claims": with_signature(
            HEADER, b'{"a":' + b"[" * 3_000 + b"]" * 3_000 + b"}"
        ),
    }
    for algorithm in ("none", "None", "nOnE", "", "HS256", "RS256", "ES384", "EdDSA"):
        header = {**HEADER, "alg": algorithm}
        found[f"alg {algorithm!r}, unsigned"] = f"{encoded(header)}.{body}."
        found[f"alg {algorithm!r}, signed"] = with_signature(header, claims)
    for algorithm in (None, 1, ["ES256"], {"a": 1}, True):
        header = {**HEADER, "alg": algorithm}
        found[f"alg {algorithm!r}"] = with_signature(header, claims)
    for key, value in {
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/cert",
        "x5c": ["MIIB"],
        "crit": ["exp"],
        "b64": False,
        "zip": "DEF",
    }.items():
        found[f"header {key}"] = with_signature({**HEADER, key: value}, claims)
    for kid in (None, "", "other", "../../etc/passwd", "' OR 1=1", 1, ["test-key"]):
        found[f"kid {kid!r}"] = with_signature({**HEADER, "kid": kid}, claims)
    for typ in (None, "", "JWT", "dpop+jwt", "refresh", 1):
        found[f"typ {typ!r}"] = with_signature({**HEADER, "typ": typ}, claims)
    now = int(time.time())
    for name, value in (
        *((each, None) for each in ("iss", "aud", "sub", "iat", "exp")),
        ("iss", "https://evil.example"),
        ("iss", ["helpnest"]),
        ("iss", {"helpnest": 1}),
        ("aud", "elsewhere"),
        ("aud", []),
        ("aud", {"helpnest": 1}),
        ("aud", 1),
        ("sub", ""),
        ("sub", 1),
        ("sub", ["usr_1"]),
        ("exp", now - 60),
        ("exp", str(now + 600)),
        ("exp", now + 0.5),
        ("exp", True),
        ("exp", -1),
        ("iat", now + 600),
        ("iat", "now"),
        ("nbf", now + 600),
        ("nbf", "now"),
        ("scope", ["tickets:read"]),
        ("scope", 1),
        ("scope", {"tickets:read": True}),
        ("roles", "admin"),
        ("roles", [1]),
        ("roles", {"admin": 1}),
        ("sid", 1),
        ("sid", []),
    ):
        changed = {**claims, name: value}
        found[f"{name}: {value!r}"] = with_signature(HEADER, changed)
    symmetric = {"kty": "oct", "k": secret, "alg": "HS256", "kid": "mine"}
    found["a secret of its own"] = jwt.encode(
        claims, "x" * 32, "HS256", {**HEADER, "alg": "HS256", "jwk": symmetric}
    )
    return found


@pytest.mark.parametrize("name", SERVERS)
async def test_tokens_that_prove_nothing_are_refused(graph: Graph, name: str) -> None:
    at = target(graph, name)
    tokens = forged_tokens()
    assert len(tokens) >= 80
    wrong: dict[str, str] = {}
    with graph.counted():
        for what, token in tokens.items():
            headers = {**JSON, "authorization": f"Bearer {token}"}
            answer = await at.http.post("/graphql", content=OK, headers=headers)
            said = wrong_with(answer, 401)
            if said is not None or (len(token) > SHORT and token in answer.text):
                wrong[what] = said or "the token is quoted"
        assert at.executed() == 0
    assert wrong == {}
    await at.http.aclose()


@pytest.mark.parametrize("name", SERVERS)
async def test_headers_that_hold_no_token_are_refused(graph: Graph, name: str) -> None:
    at = target(graph, name)
    good = sign("usr_1")
    wrong: dict[str, str] = {}
    for value in (
        *("", "Bearer", "Bearer ", "Bearer  ", f"Basic {good}", good, f"Token {good}"),
        *(f"Bearer {good} {good}", f"Bearer {good}, Bearer {good}", f"Bearer\t{good}"),
        *(
            f"Bearer {good} x",
            f"Bearer  {good}",
            f"Bearer {good}\x00",
            f"{good} Bearer",
        ),
    ):
        headers = {**JSON, "authorization": value}
        answer = await at.http.post("/graphql", content=OK, headers=headers)
        said = wrong_with(answer, 401)
        if said is not None:
            wrong[value] = said
    assert wrong == {}
    twice = [*JSON.items(), *[("authorization", f"Bearer {good}")] * 2]
    answer = await at.http.post("/graphql", content=OK, headers=twice)
    assert wrong_with(answer, 400) is None
    await at.http.aclose()
