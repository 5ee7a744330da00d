"""Run graphql-core's own execution tests with `jit.execute` in place of its own.

``python -m tests.support.jit_conformance FOLDER [pytest's options]``, where FOLDER is
a source distribution or a checkout of graphql-core of the version installed.
"""

import sys
from collections import Counter
from pathlib import Path

import graphql
import pytest

import jit

NOT_OURS = {
    "incremental/test_computation.py": "a part of incremental delivery, by itself",
    "incremental/test_incremental_executor.py": "the same",
    "incremental/test_incremental_publisher.py": "the same",
    "incremental/test_stream_item_queue.py": "the same",
    "incremental/test_work_queue.py": "the same",
    "test_aborted_graphql_execution_error.py": "one class of graphql-core, by itself",
    "test_collect_fields.py": "graphql-core's collect_fields, by itself",
    "test_execution_result.py": "one class of graphql-core, by itself",
    "test_map_async_iterable.py": "one function of graphql-core, by itself",
}
"""Test files that call no `execute`: they run all the same, and prove nothing here."""


def put_in_place() -> None:
    """Replace `execute` and `execute_sync` wherever graphql-core hands them out."""
    for name in ("execute", "execute_sync"):
        ours = getattr(jit, name)
        theirs = getattr(graphql, name)
        for module in list(sys.modules.values()):
            if module.__name__.split(".")[0] == "graphql":
                for key, value in list(vars(module).items()):
                    if value is theirs:
                        setattr(module, key, ours)
        harness = graphql.default_harness
        if name in harness._fields:
            ours_too = harness._replace(**{name: ours})
            for function in (graphql.graphql, graphql.graphql_sync):
                function.__defaults__ = tuple(
                    ours_too if value is harness else value
                    for value in function.__defaults__ or ()
                )


class Tally:
    """Counts outcomes, and executions that fell back while tests ran."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome == "failed":
            self.outcomes[report.outcome] += 1


def main(folder: str, *options: str) -> int:
    """Run the tests; exit as pytest does."""
    put_in_place()
    # Their tests are a package named like ours.
    for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
        del sys.modules[name]
    tests = Path(folder).resolve() / "tests"
    tally = Tally()
    code = pytest.main(
        [
            str(tests / "execution"),
            f"--rootdir={tests.parent}",
            f"--confcutdir={tests.parent}",
            "-c",
            str(tests.parent / "pyproject.toml"),
            "-o",
            "addopts=",
            "-p",
            "no:cacheprovider",
            "-q",
            *options,
        ],
        plugins=[tally],
    )
    out = sys.stdout
    out.write(f"\noutcomes: {dict(tally.outcomes)}\n")
    out.write(f"executed by generated functions: {jit.counters.executed}\n")
    out.write(f"left to graphql-core: {dict(jit.counters.fallbacks)}\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
