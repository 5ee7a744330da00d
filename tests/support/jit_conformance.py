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
    """Counts outcomes, and which tests graphql-core's executor served."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.left: dict[str, Counter[str]] = {}
        self._before: Counter[str] = Counter()

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        del item
        self._before = jit.counters.fallbacks.copy()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome == "failed":
            self.outcomes[report.outcome] += 1
            for reason in jit.counters.fallbacks - self._before:
                file = report.nodeid.partition("::")[0].rpartition("/")[2]
                self.left.setdefault(reason, Counter())[file] += 1

    def write(self) -> str:
        """Tell what passed, and what was left to graphql-core, by reason and file."""
        lines = [
            f"outcomes: {dict(self.outcomes)}",
            f"executions by generated functions: {jit.counters.executed}",
            "tests in which graphql-core's own executor served an execution:",
        ]
        for reason, files in sorted(self.left.items()):
            told = ", ".join(f"{file} {count}" for file, count in sorted(files.items()))
            lines.append(f"  {reason}: {told}")
        return "\n".join(lines)


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
    sys.stdout.write(f"\n{tally.write()}\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
