"""schema/operations → operations, each with what it is tried with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import yaml
from graphql import OperationDefinitionNode, OperationType, parse

from helpnest.supergraph import SCHEMAS

FOLDER: Final = SCHEMAS / "operations"
TRIED: Final = Path(__file__).parent / "tried.yaml"


@dataclass(frozen=True, slots=True)
class Sent:
    """One operation as its file has it: ``file`` is the file's name, no suffix."""

    file: str
    text: str

    @property
    def nodes(self) -> list[OperationDefinitionNode]:
        """The operations of the file; there should be one."""
        parsed = parse(self.text).definitions
        return [each for each in parsed if isinstance(each, OperationDefinitionNode)]

    @property
    def name(self) -> str:
        """What the operation is called."""
        (node,) = self.nodes
        assert node.name is not None, self.file
        return node.name.value

    @property
    def kind(self) -> OperationType:
        """A query, a mutation or a subscription."""
        (node,) = self.nodes
        return node.operation


@dataclass(frozen=True, slots=True)
class Tried:
    """What a query is tried with, as whom, and what that costs each subgraph."""

    role: str
    variables: dict[str, Any]
    requests: dict[str, int]
    statements: dict[str, int]


def operations() -> dict[str, Sent]:
    """Read all, by the names of their files."""
    return {
        path.stem: Sent(path.stem, path.read_text())
        for path in sorted(FOLDER.glob("*.graphql"))
    }


def queries() -> dict[str, Sent]:
    """Read those that only read."""
    wanted = OperationType.QUERY
    return {name: each for name, each in operations().items() if each.kind is wanted}


def tried() -> dict[str, Tried]:
    """Read tried.yaml: each entry is one operation of one request."""
    entries = cast("dict[str, Any]", yaml.safe_load(TRIED.read_text()))
    return {
        name: Tried(
            role=entry["as"],
            variables=entry.get("with", {}),
            requests={domain: sent for domain, (sent, _) in entry["costs"].items()},
            statements={domain: sql for domain, (_, sql) in entry["costs"].items()},
        )
        for name, entry in entries.items()
    }
