"""`@link` and `@core` → what each directive of the document is really called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import ConstDirectiveNode, DocumentNode, SchemaDefinitionNode
from graphql.utilities import value_from_ast_untyped

from router.errors import SupergraphError

SPECS = "https://specs.apollo.dev/"

FEATURES: dict[str, tuple[str, ...]] = {
    "link": ("link",),
    "core": ("core",),
    "join": (
        "graph",
        "type",
        "field",
        "implements",
        "unionMember",
        "enumValue",
        "directive",
        "owner",
    ),
    "inaccessible": ("inaccessible",),
    "tag": ("tag",),
    "authenticated": ("authenticated",),
    "requiresScopes": ("requiresScopes",),
    "policy": ("policy",),
    "cost": ("cost", "listSize"),
    "context": ("context", "fromContext"),
}
"""The features we know, with their directives. All else must not be vital."""

JOIN_VERSIONS = ("v0.1", "v0.2", "v0.3", "v0.4", "v0.5")


@dataclass(frozen=True, slots=True)
class Links:
    """What the document calls the directives of the features it links.

    `canonical` maps a directive's name in the document to `"join__type"`,
    `"inaccessible"`, …; `prefixes` are the namespaces whose types and directives
    belong to features and not to the API.
    """

    canonical: Mapping[str, str]
    prefixes: tuple[str, ...]
    join: str

    def is_machinery(self, name: str) -> bool:
        """Tell whether a type or directive of the document serves a feature."""
        return name in self.canonical or any(
            name.startswith(prefix + "__") for prefix in self.prefixes
        )


def read_links(document: DocumentNode) -> Links:
    """Resolve every feature link of a supergraph document.

    Raises:
        SupergraphError: the document links no join spec we know, or a feature
            we do not know that says it is vital (`for: EXECUTION | SECURITY`).

    """
    canonical: dict[str, str] = {}
    prefixes: list[str] = []
    join = ""
    for url, arguments, line in _linked(document):
        feature, _, version = url.rstrip("/").rpartition("/")
        name = feature.rpartition("/")[2]
        namespace = str(arguments.get("as") or name)
        prefixes.append(namespace)
        if not url.startswith(SPECS) or name not in FEATURES:
            _refuse_if_vital(url, arguments, line)
            continue
        if name == "join":
            join = _known_join(version, line)
        imported = dict(_imports(arguments.get("import")))
        for directive in FEATURES[name]:
            own = namespace if directive == name else f"{namespace}__{directive}"
            known = f"join__{directive}" if name == "join" else directive
            canonical[imported.get(directive, own)] = known
    if not join:
        raise SupergraphError(
            "not a supergraph: its schema links no join specification "
            f"({SPECS}join/v0.3 or the like)",
            line=_schema_line(document),
        )
    return Links(canonical, tuple(prefixes), join)


def arguments_of(directive: ConstDirectiveNode) -> dict[str, Any]:
    """Give a directive's arguments as plain Python values (enums as names)."""
    return {
        argument.name.value: value_from_ast_untyped(argument.value)
        for argument in directive.arguments or ()
    }


def _linked(
    document: DocumentNode,
) -> Iterator[tuple[str, dict[str, Any], int | None]]:
    for definition in document.definitions:
        if not isinstance(definition, SchemaDefinitionNode):
            continue
        for directive in definition.directives or ():
            arguments = arguments_of(directive)
            url = arguments.get("url") or arguments.get("feature")
            if isinstance(url, str):
                line = directive.loc.start_token.line if directive.loc else None
                yield url, arguments, line


def _imports(imported: object) -> Iterator[tuple[str, str]]:
    for item in imported if isinstance(imported, list) else ():
        if isinstance(item, str):
            yield item.lstrip("@"), item.lstrip("@")
        elif isinstance(item, dict):
            name = str(item.get("name", "")).lstrip("@")
            yield name, str(item.get("as") or name).lstrip("@")


def _refuse_if_vital(url: str, arguments: dict[str, Any], line: int | None) -> None:
    purpose = arguments.get("for")
    if purpose in ("EXECUTION", "SECURITY"):
        raise SupergraphError(
            f"the supergraph needs the feature {url} for {purpose}, "
            "which this router does not know",
            line=line,
        )


def _known_join(version: str, line: int | None) -> str:
    if version not in JOIN_VERSIONS:
        raise SupergraphError(
            f"join specification {version} is not known; "
            f"known are {', '.join(JOIN_VERSIONS)}",
            line=line,
        )
    return version


def _schema_line(document: DocumentNode) -> int:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode) and definition.loc:
            return definition.loc.start_token.line
    return 1
