"""Registered texts: under their own hash, and within bounds."""

import hashlib

import pytest

from router.gateway.persisted.automatic import KEPT_CHARACTERS, Registered
from router.gateway.refusals import RefusedError


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_text_is_found_by_its_hash_in_capitals_too() -> None:
    known = Registered(2)
    known.register(digest("{ a }").upper(), "{ a }")
    assert known.text(digest("{ a }")) == "{ a }"
    assert known.text(digest("{ a }").upper()) == "{ a }"


@pytest.mark.parametrize("wrong", ["", "0" * 64, "{ a }", digest("{ a } ")])
def test_no_text_is_kept_under_a_hash_that_is_not_its_own(wrong: str) -> None:
    known = Registered(2)
    with pytest.raises(RefusedError) as refused:
        known.register(wrong, "{ a }")
    assert refused.value.status == 400
    assert refused.value.errors[0]["extensions"] == {
        "code": "PERSISTED_QUERY_HASH_MISMATCH"
    }
    for each in (wrong, digest("{ a }")):
        with pytest.raises(RefusedError, match="PersistedQueryNotFound"):
            known.text(each)


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    known = Registered(2)
    for text in ("a", "b"):
        known.register(digest(text), text)
    known.text(digest("a"))
    known.register(digest("c"), "c")
    assert known.text(digest("a")) == "a"
    with pytest.raises(RefusedError):
        known.text(digest("b"))


def test_long_texts_are_not_kept_without_bound() -> None:
    known = Registered(512)
    texts = [f"{n}" + "x" * (KEPT_CHARACTERS // 4) for n in range(5)]
    for text in texts:
        known.register(digest(text), text)
    kept = 0
    for text in texts:
        try:
            kept += len(known.text(digest(text)))
        except RefusedError:
            continue
    assert 0 < kept <= KEPT_CHARACTERS
