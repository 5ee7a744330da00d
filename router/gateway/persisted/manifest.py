"""Manifest files → the documents that they list, or the place of what is wrong.

Source: Apollo's format, ``apollo-persisted-query-manifest``, version 1.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import orjson
from graphql import DocumentNode, GraphQLError, parse

from router.errors import ConfigurationError

FORMAT = "apollo-persisted-query-manifest"
VERSION = 1

Key = tuple[str, str | None]
"""An id, and the client whose it is; None is everybody's."""


def read_manifests(paths: Iterable[str]) -> dict[Key, str]:
    """Read every file; the bodies by id and client.

    Raises:
        ConfigurationError: naming the file and the place in it.

    """
    found: dict[Key, str] = {}
    for path in paths:
        try:
            text = Path(path).read_bytes()
        except OSError as error:
            raise ConfigurationError(
                f"{place(path)}: cannot be read: {error.strerror}"
            ) from error
        for key, body in read_manifest(text, path).items():
            if found.setdefault(key, body) != body:
                raise ConfigurationError(
                    f"{place(path)}: {named(key)} has another body in another file"
                )
    return found


def read_manifest(text: bytes, path: str) -> dict[Key, str]:
    """Read one manifest.

    >>> read_manifest(b'{"format":"apollo-persisted-query-manifest","version":1,'
    ...     b'"operations":[{"id":"a","body":"{ b }"}]}', "m.json")
    {('a', None): '{ b }'}

    Raises:
        ConfigurationError: naming the place.

    """
    try:
        manifest = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ConfigurationError(
            f"{place(path)}: line {error.lineno}: not JSON: {error.msg}"
        ) from error
    if not isinstance(manifest, dict):
        raise ConfigurationError(f"{place(path)}: not a JSON object")
    members = cast("dict[str, Any]", manifest)
    if members.get("format") != FORMAT:
        raise ConfigurationError(f"{place(path)}: format: is not {FORMAT!r}")
    if members.get("version") != VERSION:
        raise ConfigurationError(f"{place(path)}: version: is not {VERSION}")
    if not isinstance(members.get("operations"), list):
        raise ConfigurationError(f"{place(path)}: operations: is not a list")
    found: dict[Key, str] = {}
    for number, each in enumerate(members["operations"]):
        where = f"{place(path)}: operations[{number}]"
        key, body = read_entry(each, where)
        if found.setdefault(key, body) != body:
            raise ConfigurationError(f"{where}: {named(key)} has another body above")
    return found


def read_entry(entry: object, where: str) -> tuple[Key, str]:
    """Read one operation of a manifest.

    Raises:
        ConfigurationError: naming the member that is wrong.

    """
    if not isinstance(entry, dict):
        raise ConfigurationError(f"{where}: is not an object")
    members = cast("dict[str, object]", entry)
    for name in ("id", "body"):
        if not isinstance(members.get(name), str) or not members[name]:
            raise ConfigurationError(f"{where}.{name}: is not a text")
    client = members.get("clientName")
    if client is not None and not isinstance(client, str):
        raise ConfigurationError(f"{where}.clientName: is not a text")
    body = cast("str", members["body"])
    try:
        parsed(body)
    except GraphQLError as error:
        raise ConfigurationError(f"{where}.body: {error.message}") from error
    return (cast("str", members["id"]), client), body


def parsed(body: str) -> DocumentNode:
    """Parse a document without places: they are not looked at.

    Raises:
        GraphQLError: it is none.

    """
    return parse(body, no_location=True)


def place(path: str) -> str:
    """Say which key, and which file."""
    return f"persisted_queries.local_manifests: {path}"


def named(key: Key) -> str:
    """Name an entry.

    >>> named(("a", None)), named(("a", "web"))
    ("'a'", "'a' of 'web'")
    """
    name, client = key
    return repr(name) if client is None else f"{name!r} of {client!r}"
