"""A part by itself."""

import subprocess
import sys
import time

import pytest

from helpnest.errors import CannotStartError
from helpnest.single import serve_one
from helpnest.supergraph import domains

PARENT = """
import os, subprocess, sys
child = '''
import os, signal, sys, time
from helpnest.single import end_with
def told(*_):
    os.write(1, b"told")
    os._exit(0)
signal.signal(signal.SIGTERM, told)
end_with(int(sys.argv[1]))
time.sleep(30)
'''
subprocess.Popen([sys.executable, "-c", child, str(os.getpid())])
"""


def test_a_part_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(CannotStartError) as refusal:
        serve_one("printers", None, None, None)
    assert str(refusal.value) == (
        f"There is no 'printers'; there are {', '.join(domains())}, router."
    )


def test_a_part_ends_when_its_parent_has_died() -> None:
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", PARENT],
        capture_output=True,  # waits until the grandchild, too, has closed it
        text=True,
        check=True,
        timeout=25,
    )
    assert done.stdout == "told"
    assert time.monotonic() - began < 20
