"""docs/configuration.md, written from the settings."""

from itertools import groupby

from router.settings.reference import Key, keys

HEAD = """\
# Configuration

What `router.yaml` may say. This page is written from the code (`make config`): do not
edit it. The names are [Apollo Router's](https://www.apollographql.com/docs/graphos/routing/configuration/yaml);
where a key is ours alone or means something else, the last column says so. There is
no key whose feature does not exist: a configuration of Apollo Router that starts here
is obeyed whole.

    python -m router serve --config router/router.yaml

- An unknown key, a wrong type or a variable that is not set refuses to start, with
  the place and the nearest key that there is.
- `${env.NAME}` and `${env.NAME:-default}` stand for variables of the environment, in
  any text, number or switch. They are filled in after YAML was read, so that a value
  never becomes structure.
- A variable `HELPNEST_ROUTER__<SECTION>__<KEY>` goes before the file, at any depth:
  `HELPNEST_ROUTER__LIMITS__MAX_DEPTH=20`. Its value is read as YAML.
- `HELPNEST_ROUTER_CONFIG` and `HELPNEST_ROUTER_SUPERGRAPH` stand for `--config` and
  `--supergraph`; `--host` and `--port` (`HOST`, `PORT`) go before
  `supergraph.listen`.
- Durations are written `3s`, `500ms`, `1m30s`; a bare number is seconds.
- Editors check the file by [schema/router.schema.json](../schema/router.schema.json):
  `# yaml-language-server: $schema=../schema/router.schema.json`.
- Both files are read again when they change ([operating](operating.md#reload)).

"""


def configuration_page() -> str:
    """Write the whole page: one table for each section."""
    parts = [
        f"## {name}\n\n{table(list(group))}\n"
        for name, group in groupby(keys(), lambda key: key.place.partition(".")[0])
    ]
    return HEAD + "\n".join(parts)


def table(found: list[Key]) -> str:
    """Write one section's keys."""
    lines = [
        "| key | value | default | | Apollo Router |",
        "|---|---|---|---|---|",
        *(row(key) for key in found),
    ]
    return "\n".join(lines)


def row(key: Key) -> str:
    """Write one key's line."""
    cells = [f"`{key.place}`", key.kind, key.default, key.says, apollo(key)]
    return f"| {' | '.join(cells)} |"


def apollo(key: Key) -> str:
    """Say what Apollo Router does with a key.

    >>> apollo(Key("a", "text", "", "", ours=False, unlike="also B"))
    'has it; here also B'
    """
    if key.ours:
        return "does not have it"
    return f"has it; here {key.unlike}" if key.unlike else "has it"
