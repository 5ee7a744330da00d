"""Variables such as ``HELPNEST_ROUTER__LIMITS__MAX_DEPTH`` → keys of router.yaml."""

from collections.abc import Mapping
from typing import cast

PREFIX = "HELPNEST_ROUTER__"
BETWEEN = "__"


def overridden(document: object, env: Mapping[str, str]) -> object:
    """Lay what the environment says over a document; each value is read as YAML.

    Keys are written in capitals, two underscores between them; a key that there is
    not is refused as it would be in the file.

    >>> env = {"HELPNEST_ROUTER__LIMITS__MAX_DEPTH": "20"}
    >>> overridden({"limits": {"max_aliases": 3}}, env)
    {'limits': {'max_aliases': 3, 'max_depth': 20}}

    Raises:
        ValueError: a value is no YAML.

    """
    named = sorted(name for name in env if name.startswith(PREFIX))
    if not named:
        return document
    import yaml  # noqa: PLC0415 - not loaded where there is none to read

    for name in named:
        keys = name.removeprefix(PREFIX).lower().split(BETWEEN)
        try:
            value = yaml.safe_load(env[name])
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from error
        document = laid(document, keys, value)
    return document


def laid(document: object, keys: list[str], value: object) -> object:
    """Copy a document with one key set, whatever stood there before."""
    if not keys:
        return value
    known = cast("dict[object, object]", document) if isinstance(document, dict) else {}
    first, *rest = keys
    return {**known, first: laid(known.get(first), rest, value)}
