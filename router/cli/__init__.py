"""The command line: serve, and one command for each stage of the pipeline."""

from router.cli.commands import main

__all__ = ["main"]
