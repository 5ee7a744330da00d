"""Each request is signed for its own path, token and body, and each attempt anew."""

import pytest

from kit.guard import RefusedRequestError
from kit.proof import HEADER, ProofVerifier
from router.executor.transport.choose import open_transport
from router.executor.transport.interface import Headers, Reply
from router.executor.transport.signed import SignedTransport

SECRET = b"s" * 32
TOKEN = (b"authorization", b"Bearer t")


class Recorder:
    """A way to nowhere, which keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, dict[bytes, bytes]]] = []

    async def send(self, body: bytes, headers: Headers) -> Reply:
        self.sent.append((body, dict(headers)))
        return Reply(200, b"{}")

    async def close(self) -> None:
        self.sent.clear()


async def test_what_arrives_proves_its_path_its_token_and_its_body() -> None:
    way = Recorder()
    signed = SignedTransport(way, SECRET, "/graphql")
    await signed.send(b"{}", (TOKEN,))
    body, headers = way.sent[0]
    assert headers[b"authorization"] == b"Bearer t"
    proof = headers[HEADER]
    for changed in (
        ("POST", "/other", b"Bearer t", body),
        ("POST", "/graphql", b"Bearer u", body),
        ("POST", "/graphql", b"", body),
        ("POST", "/graphql", b"Bearer t", b"{ }"),
    ):
        with pytest.raises(RefusedRequestError, match="does not hold"):
            ProofVerifier(SECRET).check(proof, *changed)
    ProofVerifier(SECRET).check(proof, "POST", "/graphql", b"Bearer t", body)


async def test_a_second_attempt_has_a_proof_of_its_own() -> None:
    way = Recorder()
    signed = SignedTransport(way, SECRET, "/graphql")
    verifier = ProofVerifier(SECRET)
    for _ in range(2):
        await signed.send(b"{}", ())
    for body, headers in way.sent:
        verifier.check(headers[HEADER], "POST", "/graphql", b"", body)
    await signed.close()
    assert way.sent == []


async def test_without_a_secret_nothing_is_signed_and_with_one_every_way_is() -> None:
    async def app(*_: object) -> None:
        return None

    for target in ("http://users:1/graphql", "unix:///run/u.sock?path=/graphql", app):
        assert not isinstance(open_transport(target), SignedTransport)
        assert isinstance(open_transport(target, secret=SECRET), SignedTransport)
