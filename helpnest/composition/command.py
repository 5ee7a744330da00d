"""``helpnest compose``: write ``schema/``, or tell how it has drifted."""

from rich.console import Console

from helpnest.composition.compose import compose, drifted, write
from helpnest.composition.node import CompositionError
from helpnest.errors import CannotStartError
from helpnest.progress import steps
from helpnest.supergraph import ROOT


def compose_all(console: Console, *, check: bool) -> None:
    """Compose, then write what changed; with ``check`` only compare.

    Raises:
        CannotStartError: the subgraphs do not compose, or ``schema/`` has drifted.

    """
    try:
        with steps(console) as announce:
            files = compose(announce)
    except CompositionError as error:
        raise CannotStartError(f"The subgraphs do not compose.\n{error}") from error
    changed = drifted(files) if check else write(files)
    names = ", ".join(str(path.relative_to(ROOT)) for path in changed)
    if check and changed:
        raise CannotStartError(
            f"Out of step with the subgraphs: {names}. `make schema` writes them anew."
        )
    console.print(f"Wrote {names}." if changed else "schema/ is in step.")
