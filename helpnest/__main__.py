"""``python -m helpnest``."""

from helpnest.cli import main

main()
