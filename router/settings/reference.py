"""The settings, described: a JSON Schema for editors, a page for people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast, get_args, get_origin

import orjson
from pydantic import BaseModel, SecretStr, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from router.settings.load import section_in
from router.settings.model import Settings

Json = dict[str, Any]

OURS = ("helpnest", "hooks")
"""Whole sections that Apollo Router does not have."""

ALONE = re.compile(r"^ours alone[:.]?\s*", re.IGNORECASE)
UNLIKE = re.compile(r"\s*Unlike Apollo Router, (?P<how>.+?)\.?$", re.DOTALL)
"""The last sentence of a description, where it says so."""

REFERENCE = {"type": "string", "pattern": r"\$\{env\.\w+(:-[^}]*)?\}"}
SCALARS = {"boolean", "integer", "number"}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of router.yaml; ``unlike`` is where its meaning leaves Apollo's."""

    place: str
    kind: str
    default: str
    says: str
    ours: bool
    unlike: str


def keys(
    section: type[BaseModel] = Settings, place: str = "", *, ours: bool = False
) -> Iterator[Key]:
    """List every key with its place: ``traffic_shaping.subgraphs.<name>.timeout``."""
    for name, field in section.model_fields.items():
        here = f"{place}.{name}" if place else name
        alone = ours or here in OURS or bool(ALONE.match(field.description or ""))
        inner = section_in(field.annotation)
        if inner is None or field.description:
            yield describe(here, field, ours=alone)
        if inner is not None:
            yield from keys(inner, here + step(field.annotation), ours=alone)


def describe(place: str, field: FieldInfo, *, ours: bool) -> Key:
    """Read what the settings say of one key."""
    text = ALONE.sub("", field.description or "")
    found = UNLIKE.search(text)
    says = UNLIKE.sub("", text).strip().rstrip(";,")
    timed = any(isinstance(each, WithJsonSchema) for each in field.metadata)
    return Key(
        place,
        "duration" if timed else kind_of(field.annotation),
        default_of(field),
        says if says.startswith("http") else says[:1].upper() + says[1:],
        ours,
        found["how"].strip() if found else "",
    )


def step(annotation: Any) -> str:
    """Write how one goes on inside a mapping or a list.

    >>> step(dict[str, Settings]), step(tuple[Settings, ...]), step(Settings)
    ('.<name>', '[]', '')
    """
    origin = get_origin(annotation)
    return ".<name>" if origin is dict else "[]" if origin is tuple else ""


def kind_of(annotation: Any) -> str:
    """Name a type in a person's words.

    >>> kind_of(tuple[str, ...]), kind_of(dict[str, bool]), kind_of(int | None)
    ('list of text', 'mapping of switch', 'number')
    """
    if section_in(annotation) is not None:
        steps = {".<name>": "mapping", "[]": "list"}
        return steps.get(step(annotation), "section")
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return f"mapping of {kind_of(inner[1])}"
    if origin is tuple:
        return f"list of {kind_of(inner[0])}"
    names = {bool: "switch", int: "number", float: "number", str: "text"}
    if annotation in names:
        return names[annotation]
    if annotation is SecretStr:
        return "secret"
    if inner and all(isinstance(each, str) for each in inner):
        return " or ".join(f"`{each}`" for each in inner)
    found = [kind_of(each) for each in inner if each not in {type(None), Ellipsis}]
    return " or ".join(dict.fromkeys(found)) or "text"


def default_of(field: FieldInfo) -> str:
    """Write a default as router.yaml would have it; nothing where one must be given."""
    value: Any = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "required"
    if value is None or isinstance(value, SecretStr | BaseModel) or value in ((), {}):
        return ""
    return f"`{orjson.dumps(value).decode()}`"


def json_schema() -> Json:
    """Describe router.yaml for editors; a reference to the environment fits anywhere.

    >>> json_schema()["properties"]["limits"]["$ref"]
    '#/$defs/Limits'
    """
    found = Settings.model_json_schema()
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["title"] = "router.yaml"
    return cast("Json", with_references(found))


def schema_text() -> str:
    """Write the JSON Schema as it is committed."""
    return orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2).decode() + "\n"


def with_references(schema: object) -> object:
    """Let ``${env.NAME:-default}`` stand where a number or a switch is asked for."""
    if isinstance(schema, list):
        return [with_references(each) for each in cast("list[object]", schema)]
    if not isinstance(schema, dict):
        return schema
    found: Json = {
        key: with_references(value)
        for key, value in cast("dict[str, object]", schema).items()
    }
    scalar = isinstance(found.get("type"), str) and found["type"] in SCALARS
    if scalar or "pattern" in found or isinstance(found.get("enum"), list):
        about = {"title", "description", "default"}
        outer = {key: found.pop(key) for key in list(found) if key in about}
        return {**outer, "anyOf": [found, REFERENCE]}
    return found
