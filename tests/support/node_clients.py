"""Clients from npm, run by Node against a router that listens on a real port."""

import asyncio
import fcntl
import json
import logging
import socket
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn

from helpnest.composition.node import find_node

CLIENTS = Path(__file__).parents[1] / "clients"
LOCK = CLIENTS / "package-lock.json"
INSTALLED = CLIENTS / "node_modules" / ".installed"
PATIENCE = 120.0  # seconds; a machine may be busy with other tests


def install() -> None:
    """Install what the lock file names, unless just that is there; one at a time."""
    with (CLIENTS / ".gitignore").open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        wanted = LOCK.read_text()
        if INSTALLED.is_file() and INSTALLED.read_text() == wanted:
            return
        node = find_node()
        subprocess.run(  # noqa: S603 - our own arguments
            [node.program, node.npm, "ci"], cwd=CLIENTS, check=True, capture_output=True
        )
        INSTALLED.write_text(wanted)


async def run_script(name: str, *arguments: str) -> Any:
    """Run one of tests/clients in Node, and read the JSON that it prints last."""
    await asyncio.to_thread(install)
    process = await asyncio.create_subprocess_exec(
        find_node().program,
        str(CLIENTS / name),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    assert process.returncode == 0, err.decode()
    return json.loads(out.splitlines()[-1])


@asynccontextmanager
async def listening(app: Any) -> AsyncGenerator[str]:
    """Serve an application on a port of this machine; give the endpoint's URL."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app,
            http="httptools",
            ws="websockets-sansio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve(sockets=[listener]))
        try:
            while not server.started:
                assert not serving.done()
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        finally:
            server.should_exit = True
            await serving
