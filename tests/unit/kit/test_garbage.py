import gc
import subprocess
import sys

import kit.garbage

LOOK = """
import gc
from kit.garbage import look_seldom, settle
kept = [[n] for n in range(50_000)]
settle()
before = gc.get_freeze_count()
kept = None
settle()
look_seldom()
print(before > 50_000, gc.get_freeze_count() < before - 40_000, gc.get_threshold())
"""


def test_what_stays_is_left_out_until_the_next_time_and_looks_are_seldom() -> None:
    # In a process of its own: the collector is everybody's.
    found = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", LOOK], capture_output=True, text=True, check=True
    )
    assert found.stdout == "True True (200000, 20, 50)\n"


KEEP = """
import gc
from kit.garbage import keep
kept = [[n] for n in range(50_000)]
keep()
print(gc.get_freeze_count() > 50_000)
"""


def test_what_a_start_has_made_is_left_out_at_once() -> None:
    found = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", KEEP], capture_output=True, text=True, check=True
    )
    assert found.stdout == "True\n"


def test_importing_changes_nothing() -> None:
    assert kit.garbage.YOUNG_OBJECTS not in gc.get_threshold()


TIDY = """
import gc
from kit.garbage import look_seldom, tidy
look_seldom()
gc.collect()
class Circle:
    alive = 0
    def __init__(self):
        Circle.alive += 1
        self.me = self
    def __del__(self):
        Circle.alive -= 1
for number in (1_000, 6_000, 40_000):
    for _ in range(number):
        Circle()
    tidy()
    print(Circle.alive)
"""


def test_a_little_garbage_is_looked_for_at_once_and_much_is_left_for_later() -> None:
    found = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", TIDY], capture_output=True, text=True, check=True
    )
    assert found.stdout == "1000\n0\n40000\n"
