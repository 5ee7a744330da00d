"""router.yaml's text → `Settings`, or a sentence that names what is wrong."""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kit.settings import environment
from router.settings.model import Settings
from router.settings.overrides import overridden

WRITING = "a reference is written ${env.NAME} or ${env.NAME:-default}"
REFERENCE = re.compile(r"\$\{env\.(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


class SettingsError(Exception):
    """router.yaml cannot be used; the message says where and why."""


def load_settings(
    path: Path | None = None, env: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings from a file, or take the defaults when there is none.

    Raises:
        SettingsError: the file is missing, empty, not YAML, or says what we do not
            know.

    """
    given = environment() if env is None else env
    if path is None:
        return read_settings("", given)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    if not text.strip():
        # Cut off while somebody writes it: with the defaults nobody is checked.
        raise SettingsError(f"{path} is empty; write {{}} to take every default")
    return read_settings(text, given)


def read_settings(text: str, env: Mapping[str, str]) -> Settings:
    """Read settings from YAML, ``${env.NAME:-default}`` filled in from ``env``.

    What ``HELPNEST_ROUTER__…`` variables say goes before what the text says.

    >>> read_settings("supergraph: {path: '${env.P:-/api}'}", {}).supergraph.path
    '/api'

    Raises:
        SettingsError: with every fault found, one a line, each with its place.

    """
    document = read_yaml(text) or {}
    if not isinstance(document, dict):
        raise SettingsError("the settings are a mapping of sections")
    filled = fill(cast("object", document), env)
    try:
        filled = overridden(filled, env)
    except ValueError as error:
        raise SettingsError(f"HELPNEST_ROUTER__…: not YAML: {error}") from error
    try:
        return Settings.model_validate(filled)
    except ValidationError as error:
        found = [explain(fault) for fault in error.errors()]
        raise SettingsError("\n".join(found)) from error


def read_yaml(text: str) -> object:
    """Read a document; an empty one without loading the library that reads others.

    Raises:
        SettingsError: it is not YAML, or has a key twice.

    """
    if not text:
        return None
    import yaml  # noqa: PLC0415 - see above

    class Once(yaml.SafeLoader):
        """Takes no key twice: the second would silently undo the first."""

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if key.value in seen and isinstance(key.value, str):
                    line = key.start_mark.line + 1
                    raise SettingsError(f"line {line}: {key.value!r} comes twice")
                if isinstance(key.value, str):
                    seen.add(key.value)
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(text, Once)  # noqa: S506 - it is a safe one
    except yaml.YAMLError as error:
        raise SettingsError(f"not YAML: {error}") from error


def fill(value: object, env: Mapping[str, str]) -> object:
    """Replace references to the environment in every text of a document.

    Filled in after YAML was read, so that a value can never become structure; a
    text that is one whole reference is read once more as a YAML scalar, so that
    ``${env.LIMIT:-15}`` is a number.

    >>> fill({"a": ["${env.X}-1", "${env.N:-2}"]}, {"X": "x"})
    {'a': ['x-1', 2]}

    Raises:
        SettingsError: a variable without default is not set, or what looks like a
            reference is none.

    """
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value).items()
        return {key: fill(child, env) for key, child in pairs}
    if isinstance(value, list):
        return [fill(child, env) for child in cast("list[object]", value)]
    if not isinstance(value, str):
        return value
    if "${" in REFERENCE.sub("", value):
        raise SettingsError(f"{value!r}: {WRITING}")
    filled = REFERENCE.sub(lambda found: look_up(found, env), value)
    if filled != value and REFERENCE.fullmatch(value):
        scalar = read_yaml(filled)
        return scalar if isinstance(scalar, bool | int | float) else filled
    return filled


def look_up(found: re.Match[str], env: Mapping[str, str]) -> str:
    """Give a variable's value, or the default that stands beside its name.

    Raises:
        SettingsError: there is neither.

    """
    name = found["name"]
    default: str | None = found["default"]
    if default is not None and "${" in default:
        raise SettingsError(f"{found[0]!r}: {WRITING}, not one in another")
    if name not in env and default is None:
        raise SettingsError(f"{name} is not set, and {found[0]} gives no default")
    return env.get(name, default or "")


def explain(fault: ErrorDetails) -> str:
    """Say in one line where a fault is and, for an unknown key, what was meant."""
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "model_type" and fault["input"] is None:
        return f"{place}: is empty; leave it out, or say what is in it"
    if fault["type"] != "extra_forbidden":
        said = fault["msg"].removeprefix("Value error, ")
        return f"{place}: {said}" if place else said
    wrong = str(fault["loc"][-1])
    known = keys_at(fault["loc"][:-1])
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return f"{place}: there is no such key; {hint}"


def keys_at(place: tuple[int | str, ...]) -> list[str]:
    """List the keys known at a place of the document.

    >>> keys_at(("traffic_shaping", "subgraphs", "users"))
    ['timeout', 'deduplicate_query', 'max_response_bytes', 'circuit_breaker']
    """
    found: Any = Settings
    for part in place:
        section = section_in(found)
        fields = section.model_fields if section else {}
        found = fields[str(part)].annotation if part in fields else found
    section = section_in(found)
    return list(section.model_fields) if section else []


def section_in(annotation: Any) -> type[BaseModel] | None:
    """Find the section inside a type such as ``dict[str, Section] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [section_in(argument) for argument in get_args(annotation)]
    return next((section for section in inner if section), None)
