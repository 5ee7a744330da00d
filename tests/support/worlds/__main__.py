"""Random operations over random supergraphs, by the thousand.

    python -m tests.support.worlds check --seeds 0:1000 --operations 100
    python -m tests.support.worlds keep --seeds 0:200 --count 16

`check` invents worlds, composes them (Node; `npm ci` first), and compares the
router's answers with graphql-core's on one schema; it prints what differs, and
exits with the number of differences. `keep` writes composed worlds for the tests
that run every time, which need no Node.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from router.errors import UnsatisfiableError
from tests.support.compose_cases import ROOT, compose_all
from tests.support.worlds.compare import Case
from tests.support.worlds.make import make_world
from tests.support.worlds.model import World
from tests.support.worlds.operations import make_operation
from tests.support.worlds.schemas import subgraph_sdl

KEPT = ROOT / "tests" / "e2e" / "router" / "worlds"
AT_ONCE = 100


def composed(seeds: range) -> Iterator[tuple[World, str]]:
    """Invent worlds, and give those that compose."""
    for start in range(seeds.start, seeds.stop, AT_ONCE):
        stop = min(start + AT_ONCE, seeds.stop)
        worlds = [make_world(seed) for seed in range(start, stop)]
        documents = [
            [
                {"name": name, "typeDefs": subgraph_sdl(world, name)}
                for name in world.subgraphs
            ]
            for world in worlds
        ]
        for world, result in zip(worlds, compose_all(documents), strict=True):
            if result["sdl"] is not None:
                yield world, str(result["sdl"])


def differences(case: Case, operations: int) -> Iterator[str | None]:
    """Compare that many operations; None where both agree.

    The composer lets through a few worlds in which a field has no way at all;
    planning says so, and such an operation is not counted.
    """
    labels = case.world.labels
    for number in range(operations):
        case.world.active = {
            label for bit, label in enumerate(labels) if number >> bit & 1
        }
        text = make_operation(case.schema, case.world.seed * 100_000 + number)
        if text is None:
            continue
        try:
            yield case.difference(text)
        except UnsatisfiableError:
            continue


def check(seeds: range, operations: int) -> int:
    """Compare operations over many worlds; give the number of differences."""
    asked = failed = 0
    for world, sdl in composed(seeds):
        for difference in differences(Case(world, sdl), operations):
            asked += 1
            if difference is not None:
                failed += 1
                sys.stdout.write(f"{'=' * 72}\n{difference}\n")
    sys.stdout.write(f"{asked} operations, {failed} differences\n")
    return failed


def keep(seeds: range, count: int) -> None:
    """Write the first worlds that compose to where the tests find them."""
    for path in KEPT.glob("*.graphql"):
        path.unlink()
    for number, (world, sdl) in enumerate(composed(seeds)):
        if number == count:
            break
        (KEPT / f"{world.seed}.graphql").write_text(sdl + "\n", encoding="utf-8")


def read_kept(path: Path) -> Case:
    """Read a kept world."""
    return Case(make_world(int(path.stem)), path.read_text(encoding="utf-8"))


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("command", choices=["check", "keep"])
    parser.add_argument("--seeds", default="0:200")
    parser.add_argument("--operations", type=int, default=100)
    parser.add_argument("--count", type=int, default=16)
    given = parser.parse_args()
    seeds = range(*map(int, given.seeds.split(":")))
    if given.command == "keep":
        keep(seeds, given.count)
    else:
        sys.exit(min(check(seeds, given.operations), 99))


if __name__ == "__main__":
    main()
