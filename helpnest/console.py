"""GraphiQL: built once from ``frontend/console``, served at ``/graphiql``.

Nothing is fetched from elsewhere, when it is built for the second time or when it
runs: fonts, workers and scripts are files of our own.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from helpnest.composition.node import Node, find_node
from helpnest.errors import CannotStartError
from helpnest.supergraph import ROOT
from kit.settings import environment as own_environment

FRONTEND: Final = ROOT / "frontend"
BUILT: Final = FRONTEND / "console" / "dist"
STAMP: Final = BUILT / ".sources"

DIRECTIVES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    # Monaco and GraphiQL write style elements of their own.
    "style-src": "'self' 'unsafe-inline'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
POLICY: Final = "; ".join(f"{name} {value}" for name, value in DIRECTIVES.items())
HEADERS: Final = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]

PREFIX: Final = "/graphiql"

Tell = Callable[[str], object]
Message = MutableMapping[str, Any]


def fingerprint() -> str:
    """Hash everything the built console is made from."""
    found = hashlib.sha256()
    sources = [FRONTEND / "package-lock.json", *(FRONTEND / "console").rglob("*")]
    for path in sorted(sources):
        inside = path.relative_to(FRONTEND).parts
        if path.is_file() and not {"dist", "node_modules"} & set(inside):
            found.update(path.relative_to(FRONTEND).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def is_built() -> bool:
    """Say whether what is built was made from these very sources."""
    return STAMP.is_file() and STAMP.read_text() == fingerprint()


def build(announce: Callable[[str], None]) -> None:
    """Build the console, unless it is built from the same sources already.

    Raises:
        CannotStartError: there is no Node, or npm or the build failed, in its words.

    """
    if is_built():
        return
    node = find_node()
    announce("Installing what GraphiQL is built from")
    npm(node, "ci", "--no-fund", "--no-audit")
    announce("Building GraphiQL")
    shutil.rmtree(BUILT, ignore_errors=True)
    npm(node, "run", "build", "--workspaces")
    STAMP.write_text(fingerprint())


def npm(node: Node, *arguments: str) -> None:
    """Run npm in ``frontend/`` with the Node that was found first on its PATH.

    Raises:
        CannotStartError: it failed; its last lines are in the message.

    """
    done = subprocess.run(  # noqa: S603 - our own arguments
        [node.program, node.npm, *arguments],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        check=False,
        env=with_node_first(own_environment(), node),
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-15:]
        raise CannotStartError(
            "\n".join([f"npm {arguments[0]} failed in frontend/:", *said])
        )


def with_node_first(environment: Mapping[str, str], node: Node) -> dict[str, str]:
    """Put the Node we found before any other: npm's scripts call it by name.

    >>> with_node_first({"PATH": "/bin"}, Node("/opt/node/bin/node", "npm"))["PATH"]
    '/opt/node/bin:/bin'
    """
    folder = str(Path(node.program).parent)
    path = os.pathsep.join(filter(None, [folder, environment.get("PATH", "")]))
    return {**environment, "PATH": path}


def build_if_possible(announce: Callable[[str], None], tell: Tell) -> None:
    """Build the console; where that cannot be, say so and go on without it."""
    try:
        build(announce)
    except CannotStartError as error:
        tell(f"GraphiQL is not served, since it could not be built: {error}")


def console_mounts() -> dict[str, "Console"]:
    """Say what to mount where: the console, if it is built."""
    return {PREFIX: Console()} if STAMP.is_file() else {}


class Console:
    """The built files as an ASGI app below `PREFIX`, under a strict policy."""

    def __init__(self, folder: Path = BUILT) -> None:
        files = Mount(PREFIX, StaticFiles(directory=folder, html=True))
        self.files = Starlette(routes=[files])

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Serve a file; hashed ones may be kept for ever, the page itself never."""
        if scope["type"] != "http":
            return
        kept = b"public, max-age=31536000, immutable"
        fresh = b"no-cache" if "/assets/" not in scope["path"] else kept

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [*HEADERS, (b"cache-control", fresh)]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self.files(scope, receive, send_with_policy)
