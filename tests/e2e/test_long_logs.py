"""A log of 100,000 events needs no more memory than one of 5,000, in either format."""

import subprocess
import sys
from pathlib import Path

import pytest

from helpnest.replay.run import Format
from tests.support import long_logs

EVENTS, CASES, DIRTY = 100_000, 14_286, 15
SHORT = 5_000
WRITERS = {"servicenow": long_logs.write_servicenow, "xes": long_logs.write_xes}
MOST_MORE = 8_000  # kB; kept whole, the cases of the long log take over 100,000
READ = """
import sys
from pathlib import Path

from helpnest.replay.plan import Told, plan
from helpnest.replay.run import Options, count_events, read_cases
from helpnest.replay.client import Credentials

def highest():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])

for name in sys.argv[2:]:
    options = Options(
        file=Path(name), format=sys.argv[1], url="", credentials=Credentials("", "")
    )
    cases = told = rejected = 0
    for case in read_cases(options):
        cases += 1
        for each in plan(case):
            told += isinstance(each, Told)
            rejected += not isinstance(each, Told)
    print(count_events(options), cases, told, rejected, highest())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read off /proc")
@pytest.mark.parametrize("kind", ["servicenow", "xes"])
def test_a_long_log_is_read_and_planned_in_the_memory_of_a_short_one(
    kind: Format, tmp_path: Path
) -> None:
    short, long = tmp_path / "short", tmp_path / "long"
    WRITERS[kind](short, SHORT)
    WRITERS[kind](long, EVENTS)
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-c", READ, kind, short, long],
        check=True,
        capture_output=True,
        text=True,
    )
    before, after = ([*map(int, line.split())] for line in done.stdout.splitlines())
    assert before[0] == SHORT
    assert after[:4] == [EVENTS, CASES, EVENTS - DIRTY, DIRTY]
    assert after[4] - before[4] < MOST_MORE
