"""The child's first steps: drop rights, tie its life to its parent's, run PostgreSQL.

Run as a script by path, with nothing but the standard library, so that it works
from any environment: ``launch.py PARENT UID GID WATCH PROGRAM [ARGUMENT]…``.
PARENT is the supervisor's process id, or 0 to outlive it; WATCH is the reading end
of a pipe that only the supervisor holds open, or ``-`` where the kernel tells us
of its death.

A program of its own, because code between fork and exec of a process with threads
may deadlock.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOOK_EVERY = 2.0  # seconds between the watchdog's looks at whether its ward lives


def main(arguments: list[str]) -> None:
    """Become PostgreSQL."""
    parent, uid, gid = (int(each) for each in arguments[:3])
    watch, program = arguments[3], arguments[4:]
    os.setsid()  # a Ctrl-C in the terminal is for the supervisor, which stops us
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a script's "&" has it ignored
    if parent and watch == "-":
        die_with(parent)
    elif parent:
        leave_a_watchdog(int(watch))
    os.execv(program[0], program)  # noqa: S606 - the supervisor's own arguments


def die_with(parent: int) -> None:
    """Have the kernel send SIGINT, PostgreSQL's fast shutdown, when ``parent`` dies.

    Changing the user clears the wish, so it comes after that.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


def leave_a_watchdog(pipe: int) -> None:
    """Leave a process behind that stops this one when ``pipe`` is closed."""
    ward = os.getpid()
    first = os.fork()
    if first:
        os.waitpid(first, 0)
        os.close(pipe)
        return
    if os.fork():  # so that PostgreSQL has no child that it does not know
        os._exit(0)
    while _lives(ward):
        readable, _, _ = select.select([pipe], [], [], LOOK_EVERY)
        if readable:
            with contextlib.suppress(ProcessLookupError):
                os.kill(ward, signal.SIGINT)
            break
    os._exit(0)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
