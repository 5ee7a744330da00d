"""An answer into the gathered data, by the rules of `router.plan.nodes`."""

from typing import Any, cast

from router.plan.nodes import Rename

Json = dict[str, Any]


def merge(target: Json, source: Json) -> None:
    """Merge objects key by key, lists index by index; null takes nothing away.

    >>> gathered = {"user": {"id": 1}, "tags": [{"a": 1}, None]}
    >>> merge(gathered, {"user": {"name": "A"}, "tags": [{"b": 2}, {"b": 3}]})
    >>> gathered
    {'user': {'id': 1, 'name': 'A'}, 'tags': [{'a': 1, 'b': 2}, {'b': 3}]}
    >>> merge(gathered, {"user": None, "tags": None})
    >>> gathered["user"]
    {'id': 1, 'name': 'A'}
    """
    for key, value in source.items():
        known: Any = target.get(key)
        if known.__class__ is dict and value.__class__ is dict:
            merge(known, value)
        elif known.__class__ is list and value.__class__ is list:
            merge_list(known, value)
        elif value is not None or not isinstance(known, dict | list):
            target[key] = value


def merge_list(target: list[Any], source: list[Any]) -> None:
    """Merge lists of one length element by element; else the later one stands.

    >>> numbers = [1, 2]
    >>> merge_list(numbers, [3, 4, 5])
    >>> numbers
    [3, 4, 5]
    """
    if len(target) != len(source):
        target[:] = source
        return
    for index, value in enumerate(source):
        known: Any = target[index]
        if known.__class__ is dict and value.__class__ is dict:
            merge(known, value)
        elif known.__class__ is list and value.__class__ is list:
            merge_list(known, value)
        elif value is not None or not isinstance(known, dict | list):
            target[index] = value


def rename(answer: object, renames: tuple[Rename, ...]) -> None:
    """Give renamed keys the names under which they are gathered.

    >>> data = {"users": [{"_0": "Ada"}, {"other": 1}]}
    >>> rename(data, (Rename(("users",), "_0", "name"),))
    >>> data
    {'users': [{'name': 'Ada'}, {'other': 1}]}
    """
    for entry in renames:
        rename_at(answer, entry.at, entry.sent, entry.key)


def rename_at(value: object, at: tuple[str, ...], sent: str, key: str) -> None:
    """Move one key in every object that a place leads to."""
    if isinstance(value, list):
        for element in cast("list[object]", value):
            rename_at(element, at, sent, key)
    elif isinstance(value, dict):
        fields = cast("Json", value)
        if at:
            rename_at(fields.get(at[0]), at[1:], sent, key)
        elif sent in fields:
            fields[key] = fields.pop(sent)


def renamed_path(
    path: tuple[str | int, ...], renames: tuple[Rename, ...]
) -> tuple[str | int, ...]:
    """Write a subgraph's path in the keys that are gathered.

    >>> renamed_path(("users", 0, "_0"), (Rename(("users",), "_0", "name"),))
    ('users', 0, 'name')
    """
    steps = list(path)
    for entry in renames:
        where = [
            (index, step) for index, step in enumerate(path) if isinstance(step, str)
        ]
        depth = len(entry.at)
        names = tuple(step for _, step in where)
        if names[: depth + 1] == (*entry.at, entry.sent):
            steps[where[depth][0]] = entry.key
    return tuple(steps)
