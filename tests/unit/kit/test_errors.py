from enum import Enum

from kit.errors import (
    ForbiddenError,
    HelpNestError,
    InvalidInputError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
)


class Code(Enum):
    TAKEN = "TAKEN"


def test_each_error_a_client_may_see_has_its_own_code() -> None:
    known = {
        UnauthenticatedError: "UNAUTHENTICATED",
        ForbiddenError: "FORBIDDEN",
        InvalidInputError: "BAD_USER_INPUT",
        UnavailableError: "SUBGRAPH_UNAVAILABLE",
    }

    assert {kind: kind("no").extensions for kind in known} == {
        kind: {"code": code} for kind, code in known.items()
    }


def test_every_error_below_the_root_has_a_code() -> None:
    assert [k for k in HelpNestError.__subclasses__() if not k.code.isupper()] == []


def test_too_fast_says_when_to_come_back() -> None:
    error = RateLimitedError("Slow down.", retry_after=1.26)

    assert error.extensions == {"code": "RATE_LIMITED", "retryAfter": 1.3}
    assert str(error) == "Slow down."


def test_a_rejection_is_not_among_the_errors_a_client_sees_at_the_top() -> None:
    error = RejectedError(Code.TAKEN, "Taken.", ("input", "email"), current="ada")

    assert not isinstance(error, HelpNestError)
    assert (error.code, error.message, error.path, error.current) == (
        Code.TAKEN,
        "Taken.",
        ["input", "email"],
        "ada",
    )


def test_a_rejection_of_the_whole_input_has_no_path() -> None:
    assert RejectedError(Code.TAKEN, "Taken.").path is None
