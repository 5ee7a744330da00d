"""The entries of a new domain in the files that all domains share."""

import re
from typing import Final

from helpnest.errors import CannotStartError
from helpnest.scaffold.name import Domain

PASSWORD: Final = "${POSTGRES_PASSWORD:?choose one}"  # noqa: S105 - what Compose fills in

SERVICE: Final = """
  {name}:
    <<: *part
    command: [serve, {name}]
    networks: [graph, {name}-data]
    environment:
      <<: *surroundings
      {address}
    depends_on:
      migrate: {{condition: service_completed_successfully}}

  {name}-database:
    <<: *database
    networks: [{name}-data]
    volumes: ["{name}-data:/var/lib/postgresql/data"]
    environment:
      POSTGRES_USER: helpnest_{name}
      POSTGRES_DB: {name}
      POSTGRES_PASSWORD: {password}
"""

ERRORS: Final = """## User errors of {name}

| code | means |
|---|---|
| `REQUIRED` | a field must have a value |
| `INVALID` | a value that this field cannot take |
| `TOO_LONG` | a text longer than what fits |
| `NOT_FOUND` | there is none that the caller may see |
| `FORBIDDEN` | the caller may see it, and may not do this |

"""


def in_supergraph(text: str, domain: Domain) -> str:
    """Add a subgraph to supergraph.yaml."""
    return (
        text.rstrip("\n") + f"\n  {domain.name}:\n"
        f"    routing_url: http://127.0.0.1:{domain.port}/graphql\n"
        f"    schema:\n      file: schema/{domain.name}.graphql\n"
    )


def in_containers(text: str, domain: Domain) -> str:
    """Add a service, its database and its network to docker-compose.yml.

    Raises:
        CannotStartError: the file has no place where one of them belongs.

    """
    name = domain.name
    address = (
        f"HELPNEST_{name.upper()}_DATABASE_URL: "
        f"postgresql://helpnest_{name}:{PASSWORD}@{name}-database/{name}"
    )
    healthy = "{condition: service_healthy}"
    service = SERVICE.format(name=name, address=address, password=PASSWORD)
    for part, pattern, line in (
        (
            "router",
            r"      HELPNEST_\w+_URL: .*",
            f"      HELPNEST_{name.upper()}_URL: http://{name}:4000/graphql",
        ),
        ("router", r"      \w+: \{condition: .*", f"      {name}: {healthy}"),
        ("migrate", r"      HELPNEST_\w+_DATABASE_URL: .*", f"      {address}"),
        (
            "migrate",
            r"      \w+-database: \{condition: .*",
            f"      {name}-database: {healthy}",
        ),
    ):
        text = after_last(text, part, pattern, line)
    networks = re.compile(
        r"^(  migrate:\n(?:    .*\n)*?    networks: \[.*)\]$", re.MULTILINE
    )
    text = networks.sub(rf"\1, {name}-data]", text, count=1)
    text = text.replace("\nnetworks:\n", f"{service}\nnetworks:\n", 1)
    text = after_last(text, None, r"  [\w-]+: \{internal: true\}", internal(name))
    return after_last(text, None, r"  [\w-]+-data: \{\}", f"  {name}-data: {{}}")


def internal(name: str) -> str:
    """Write a network that leads nowhere else.

    >>> internal("assets")
    '  assets-data: {internal: true}'
    """
    return f"  {name}-data: {{internal: true}}"


def in_errors_page(text: str, domain: Domain) -> str:
    """Add the table of a domain's codes to docs/errors.md, before what follows them.

    Raises:
        CannotStartError: the page has no place for it.

    """
    before, heading, rest = text.partition("## In the code\n")
    if not heading:
        raise CannotStartError("docs/errors.md has no section 'In the code'.")
    return before + ERRORS.format(name=domain.name) + heading + rest


def in_kinds(text: str, domain: Domain) -> str:
    """Add an entity to the kinds of which node finds objects, by its ids' prefix.

    Raises:
        CannotStartError: the file has no table of kinds.

    """
    head, table, rest = text.partition("KINDS: Final = {\n")
    lines, end, tail = rest.partition("}\n")
    if not end:
        raise CannotStartError("subgraphs/node/models.py has no table KINDS.")
    entry = f'    "{domain.prefix}": Kind("{domain.type}", "name"),\n'
    entries = sorted([*lines.splitlines(keepends=True), entry])
    return "".join((head, table, *entries, end, tail))


def after_last(text: str, service: str | None, pattern: str, line: str) -> str:
    r"""Put a line after the last that matches, in one service's part or anywhere.

    >>> after_last("a: 1\nb: 2\nc: x\n", None, r"\w: [0-9]", "d: 3")
    'a: 1\nb: 2\nd: 3\nc: x\n'

    Raises:
        CannotStartError: there is none.

    """
    start, end = 0, len(text)
    if service is not None:
        part = re.search(rf"^  {service}:\n(?:    .*\n)*", text, re.MULTILINE)
        start, end = part.span() if part else (0, 0)
    found = list(re.compile(f"^{pattern}$", re.MULTILINE).finditer(text, start, end))
    if not found:
        raise CannotStartError(
            f"docker-compose.yml has no place for '{line.strip()}': it is not in the "
            "form that this command knows."
        )
    at = found[-1].end()
    return f"{text[:at]}\n{line}{text[at:]}"
