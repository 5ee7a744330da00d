"""``python -m router``: the command line."""

from kit.garbage import look_seldom


def main() -> None:
    """Run a command.

    What is loaded and read first stays: looking through it for garbage again and again
    would be a sixth of the time that starting takes.
    """
    look_seldom()
    from router.cli import main as run  # noqa: PLC0415 - after the line above

    run()


if __name__ == "__main__":
    main()
