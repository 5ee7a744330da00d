import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.guard import RefusedRequestError
from kit.proof import HEADER, WINDOW_SECONDS, ProofVerifier, sign

SECRET = b"only the router and its subgraphs know this"
PATH, BODY, TOKEN = "/graphql", b'{"query":"{a}"}', b"Bearer a.b.c"


class Clock:
    def __init__(self) -> None:
        import time  # noqa: PLC0415 - the proofs are signed by the real clock

        self.now = time.time()

    def __call__(self) -> float:
        return self.now


def proof(path: str = PATH, body: bytes = BODY, token: bytes = TOKEN) -> bytes:
    return sign(SECRET, path, body, token)[1]


def refusal(verifier: ProofVerifier, given: bytes | None, **changed: object) -> str:
    request: dict[str, object] = {
        "method": "POST",
        "path": PATH,
        "authorization": TOKEN,
        "body": BODY,
    }
    with pytest.raises(RefusedRequestError) as refused:
        verifier.check(given, **(request | changed))  # pyright: ignore[reportArgumentType] - a table of them
    assert (refused.value.status, refused.value.code) == (403, "FORBIDDEN")
    return refused.value.message


def test_a_signed_request_is_taken() -> None:
    name, value = sign(SECRET, PATH, BODY, TOKEN)

    assert name == HEADER == b"x-helpnest-proof"
    ProofVerifier(SECRET).check(value, "POST", PATH, TOKEN, BODY)


def test_a_request_without_a_token_is_signed_too() -> None:
    _, value = sign(SECRET, PATH, BODY)

    ProofVerifier(SECRET).check(value, "POST", PATH, b"", BODY)


def test_a_proof_is_taken_once() -> None:
    verifier, value = ProofVerifier(SECRET), proof()

    verifier.check(value, "POST", PATH, TOKEN, BODY)

    assert "used before" in refusal(verifier, value)


def test_the_same_request_signed_twice_is_taken_twice() -> None:
    verifier = ProofVerifier(SECRET)

    verifier.check(proof(), "POST", PATH, TOKEN, BODY)
    verifier.check(proof(), "POST", PATH, TOKEN, BODY)


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "PUT"},
        {"path": "/graphql2"},
        {"authorization": b"Bearer a.b.d"},
        {"authorization": b""},
        {"body": BODY + b" "},
    ],
    ids=repr,
)
def test_a_proof_holds_for_one_request_alone(changed: dict[str, object]) -> None:
    assert "does not hold" in refusal(ProofVerifier(SECRET), proof(), **changed)


@given(cut=st.integers(0, 12))
def test_bytes_do_not_move_between_token_and_body(cut: int) -> None:
    both = TOKEN + BODY
    moved = {"authorization": both[:cut], "body": both[cut:]}

    if moved["authorization"] != TOKEN:
        assert "does not hold" in refusal(ProofVerifier(SECRET), proof(), **moved)


def test_another_secret_proves_nothing() -> None:
    stranger = ProofVerifier(b"the secret of another installation altogether")

    assert "does not hold" in refusal(stranger, proof())


@pytest.mark.parametrize(
    "value",
    [None, b"", b"v1", b"v2 1 2 3", b"v1 1 2", b"v1 1 2 3 4", b"v1 x y z", b"\xff" * 9],
    ids=repr,
)
def test_what_is_no_proof_is_refused(value: bytes | None) -> None:
    assert refusal(ProofVerifier(SECRET), value)


@pytest.mark.parametrize("seconds", [WINDOW_SECONDS + 2, -WINDOW_SECONDS - 2])
def test_a_proof_from_too_far_in_time_is_refused(seconds: int) -> None:
    clock = Clock()
    clock.now += seconds

    assert "clock" in refusal(ProofVerifier(SECRET, clock), proof())


def test_a_used_proof_is_remembered_as_long_as_it_is_fresh() -> None:
    clock = Clock()
    begun = clock.now
    verifier, value = ProofVerifier(SECRET, clock), proof()
    clock.now = begun - WINDOW_SECONDS + 1
    verifier.check(value, "POST", PATH, TOKEN, BODY)

    for later in range(-WINDOW_SECONDS + 2, WINDOW_SECONDS):
        clock.now = begun + later
        assert "used before" in refusal(verifier, value)


def test_old_nonces_are_forgotten() -> None:
    clock = Clock()
    verifier = ProofVerifier(SECRET, clock)
    for _ in range(6):
        verifier._remember(f"{clock.now}", clock.now)
        clock.now += 2 * WINDOW_SECONDS

    assert len(verifier._seen) + len(verifier._seen_before) == 2
