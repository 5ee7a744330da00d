"""``python -m router``: the command line."""

import sys

from kit.garbage import look_seldom


def main() -> None:
    """Run a command; ``serve`` without what all the others are made of.

    What is loaded and read first stays: looking through it for garbage again and again
    would be a sixth of the time that starting takes.
    """
    look_seldom()
    if sys.argv[1:2] == ["serve"]:
        from router.cli.start import main as serve  # noqa: PLC0415 - after the line above

        serve(sys.argv[2:])
    else:
        from router.cli.commands import main as run  # noqa: PLC0415 - see above

        run()


if __name__ == "__main__":
    main()
