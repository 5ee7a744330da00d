"""Run the Wycheproof vectors for JSON Web Signatures against the project's verifier.

``python -m tests.support.wycheproof <folder>``: the folder is a checkout of the
repository ``C2SP/wycheproof`` (or its ``testvectors_v1``). Not part of the tests: the
vectors are not ours to keep.

Each vector is judged twice. As it is: may any of its signatures make a token of ours
valid? And by the signature alone, for the algorithms that we take: is a forged one
refused, and a good one believed?
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt

from kit.errors import UnauthenticatedError
from kit.key_set import FITTING, read_key
from kit.tokens import KeySet, TokenVerifier

FILES = ("json_web_signature_test.json", "json_web_crypto_test.json")
TAKEN = {algorithm for fitting in FITTING.values() for algorithm in fitting}
KID = "wycheproof"


@dataclass
class Tally:
    """What became of the vectors."""

    vectors: int = 0
    invalid: int = 0
    accepted: list[str] = field(default_factory=list[str])
    forged: list[str] = field(default_factory=list[str])
    judged: int = 0
    refused_good: list[str] = field(default_factory=list[str])
    believed_good: int = 0


def whole(key: dict[str, Any], token: str) -> bool:
    """Say whether the verifier that services use takes this for a token."""
    keys = KeySet()
    try:
        keys.replace({"keys": [key, {**key, "kid": KID}]})
    except ValueError:
        return False  # no key that we would ever believe
    try:
        TokenVerifier("helpnest", "helpnest", keys=keys).verify(token)
    except UnauthenticatedError:
        return False
    return True


def signature(key: dict[str, Any], token: str) -> bool | None:
    """Say whether the signature alone holds; None where we do not take such keys."""
    found = read_key({**key, "kid": key.get("kid") or KID})
    if found is None:
        return None
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != found.algorithm_name:
            return False
        jwt.PyJWS().decode(token, found, algorithms=[found.algorithm_name])
    except jwt.PyJWTError:
        return False
    return True


def judge(tally: Tally, group: dict[str, Any], test: dict[str, Any], name: str) -> None:
    """Judge one vector."""
    token: object = test.get("jws")
    key = group.get("public") or group.get("private")
    if not isinstance(token, str) or not isinstance(key, dict):
        return
    known: dict[str, Any] = key  # pyright: ignore[reportUnknownVariableType] - JSON
    tally.vectors += 1
    tally.invalid += test["result"] == "invalid"
    if whole(known, token):
        tally.accepted.append(name)
    held = signature(known, token)
    if held is None:
        return
    tally.judged += 1
    if test["result"] == "invalid" and held:
        tally.forged.append(name)
    elif test["result"] == "valid" and not held:
        tally.refused_good.append(name)
    elif test["result"] == "valid":
        tally.believed_good += 1


def run(folder: Path) -> Tally:
    """Judge every vector of the files in a folder."""
    inside = folder / "testvectors_v1"
    tally = Tally()
    for file in FILES:
        path = (inside if inside.is_dir() else folder) / file
        if not path.exists():
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        for group in document["testGroups"]:
            for test in group.get("tests", ()):
                judge(tally, group, test, f"{file} {test['tcId']} {test['comment']}")
    return tally


def main(folder: str) -> int:
    """Print the figures; fail if a forgery passed."""
    tally = run(Path(folder))
    lines = [
        f"{tally.vectors} vectors, {tally.invalid} of them forgeries",
        f"taken for a token of ours: {len(tally.accepted)}",
        f"with keys that we take ({', '.join(sorted(TAKEN))}): {tally.judged}",
        f"  forged signatures believed: {len(tally.forged)}",
        f"  good signatures believed: {tally.believed_good}",
        f"  good signatures refused: {len(tally.refused_good)}",
        *(f"  FORGERY {name}" for name in [*tally.accepted, *tally.forged]),
        *(f"  refused, though good: {name}" for name in tally.refused_good),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(bool(tally.accepted or tally.forged or not tally.vectors))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where they are: make wycheproof WYCHEPROOF=<their folder>")
    sys.exit(main(sys.argv[1]))
