"""The child's first steps, tried on programs that are not PostgreSQL."""

import os
import subprocess
import sys
import time
from pathlib import Path

from helpnest.postgres import launch

LAUNCH = str(Path(launch.__file__))
TELL = "import os; print(os.getuid(), os.getgid(), os.getsid(0) == os.getpid())"


def run(*arguments: str, fds: tuple[int, ...] = ()) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-I", "-S", LAUNCH, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=fds,
    )


def test_an_ordinary_user_stays_who_he_is_in_a_session_of_his_own() -> None:
    uid, gid = os.getuid(), os.getgid()
    child = run("0", str(uid), str(gid), "-", sys.executable, "-c", TELL)
    assert child.communicate()[0].split() == [str(uid), str(gid), "True"]


def test_a_child_whose_parent_is_gone_already_does_not_start() -> None:
    uid, gid = os.getuid(), os.getgid()
    child = run("1", str(uid), str(gid), "-", sys.executable, "-c", TELL)
    assert child.communicate()[0] == ""
    assert child.returncode == 1


def test_a_closed_pipe_ends_the_child() -> None:
    reading, writing = os.pipe()
    ids = (str(os.getpid()), str(os.getuid()), str(os.getgid()))
    child = run(*ids, str(reading), "/bin/sleep", "60", fds=(reading,))
    os.close(reading)
    time.sleep(0.3)
    assert child.poll() is None

    os.close(writing)

    assert child.wait(10) == -2  # SIGINT
    child.communicate()
