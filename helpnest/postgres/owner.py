"""Decide as whom PostgreSQL runs: never as root, which it refuses."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from helpnest.errors import CannotStartError

ELSEWHERE = Path("/var/lib/helpnest")  # for what root's own folders would hide
STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Owner:
    """An account of the operating system."""

    uid: int
    gid: int
    name: str


def current_user() -> Owner:
    """Name the account this process runs as.

    Raises:
        CannotStartError: the account has a number but no name.

    """
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise CannotStartError(
            f"The user id {os.geteuid()} has no name on this machine, and PostgreSQL "
            "asks for one. Add the account to /etc/passwd, or point "
            "HELPNEST_<DOMAIN>_DATABASE_URL at a running server."
        ) from None
    return Owner(entry.pw_uid, entry.pw_gid, entry.pw_name)


def owner_for(folder: Path) -> Owner:
    """Choose the account that runs PostgreSQL with its data under ``folder``.

    An ordinary user runs it himself. Root hands it to whom the folder, or the
    checkout around it, belongs; failing that to ``postgres`` or ``nobody``.

    Raises:
        CannotStartError: started by root on a machine with no other account.

    """
    user = current_user()
    if user.uid != 0:
        return user
    for place in (folder, *folder.parents[:2]):
        if place.exists() and (uid := place.stat().st_uid) != 0 and _known(uid):
            return _account(pwd.getpwuid(uid))
    for name in STAND_INS:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise CannotStartError(
        "PostgreSQL does not run as root, and there is no account `nobody` to run "
        "it as. Start HelpNest as an ordinary user."
    )


def elsewhere(place: Path = ELSEWHERE) -> Path:
    """Make the folder for what root's own folders would hide.

    Raises:
        CannotStartError: it cannot be made.

    """
    try:
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStartError(
            "Started by root in a folder that only root may enter, HelpNest keeps its "
            f"PostgreSQL in {place}, which cannot be made: {error.strerror}. Start it "
            "as an ordinary user, or from a folder that others may enter."
        ) from error
    return place


def can_enter(path: Path, owner: Owner) -> bool:
    """Tell whether ``owner`` may walk to ``path``, by the folders' modes."""
    return os.geteuid() != 0 or all(
        _allows(each, owner, 0o1) for each in (path, *path.parents) if each.is_dir()
    )


def can_run(program: Path, owner: Owner) -> bool:
    """Tell whether ``owner`` may walk to ``program``, read it and run it."""
    return os.geteuid() != 0 or (
        can_enter(program.parent, owner) and _allows(program, owner, 0o5)
    )


def _allows(path: Path, owner: Owner, wanted: int) -> bool:
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    if status.st_uid == owner.uid:
        mode >>= 6
    elif status.st_gid == owner.gid:
        mode >>= 3
    return mode & wanted == wanted


def _known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _account(entry: pwd.struct_passwd) -> Owner:
    return Owner(entry.pw_uid, entry.pw_gid, entry.pw_name)
