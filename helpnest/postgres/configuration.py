"""The server's settings: small enough for a laptop, durable, reachable by us alone."""

import sys
from collections.abc import Iterable
from pathlib import Path

BUILTIN_LOCALES_SINCE = 17
IO_METHODS_SINCE = 18


def server_options(major: int, socket_folder: Path, *, durable: bool) -> list[str]:
    """Give the server's settings as command-line arguments.

    >>> "fsync=on" in server_options(18, Path("/run"), durable=True)
    True
    """
    on = "on" if durable else "off"
    settings = {
        "listen_addresses": "",  # no network at all
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": "128MB",
        "max_wal_size": "256MB",
        "max_parallel_workers_per_gather": "0",  # small /dev/shm in containers
        "jit": "off",  # compiling costs more than short queries take
        "fsync": on,
        "full_page_writes": on,
        "synchronous_commit": on,
        "autovacuum": on,  # a server for tests alone does not live that long
        "wal_level": "minimal",  # nobody replicates from here
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if major >= IO_METHODS_SINCE:
        settings["io_method"] = "sync"  # three processes fewer
    return [
        part for key, value in settings.items() for part in ("-c", f"{key}={value}")
    ]


def access_rules(user: str, roles: Iterable[str]) -> dict[str, str]:
    """Let the operating system's account ``user`` in, as ``roles``, and nobody else.

    The socket tells the server who is calling, so there is no password to keep.

    >>> print(access_rules("ada", ["helpnest"])["pg_ident.conf"], end="")
    helpnest "ada" "helpnest"
    """
    return {
        "pg_hba.conf": "local all all peer map=helpnest\n",
        "pg_ident.conf": "".join(f'helpnest "{user}" "{role}"\n' for role in roles),
    }


def locale_options(major: int) -> list[str]:
    """Choose a locale that every machine has, with Unicode's letters.

    >>> locale_options(17)
    ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
    """
    if major >= BUILTIN_LOCALES_SINCE:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [*builtin, "--locale=C"]
    return ["--locale=C.UTF-8" if sys.platform.startswith("linux") else "--locale=C"]
