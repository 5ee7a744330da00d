"""Print the Python that an operation is compiled to.

``python -m jit SCHEMA OPERATION``: SCHEMA is a file with SDL, or ``module:name`` of a
schema object; OPERATION is a file with a document, or ``-`` for the standard input.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, parse, validate

from jit.compiled import compile_operation


def main(arguments: list[str]) -> int:
    """Print the text, or what is wrong with the document; return the exit code."""
    options = _parser().parse_args(arguments)
    schema = load_schema(options.schema)
    file = options.operation
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    try:
        document = parse(text)
        errors = validate(schema, document)
        if errors:
            raise errors[0]
        compiled = compile_operation(schema, document, options.name)
    except GraphQLError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if compiled.not_compiled:
        sys.stderr.write(f"left to graphql-core: {compiled.not_compiled}\n")
        return 1
    sys.stdout.write(compiled.source)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jit", description=__doc__)
    parser.add_argument("schema", metavar="SCHEMA")
    parser.add_argument("operation", metavar="OPERATION")
    parser.add_argument("--name", help="the operation, if the document has several")
    return parser


def load_schema(where: str) -> GraphQLSchema:
    """Read SDL from a file, or import a schema from ``module:name``.

    A schema of Strawberry stands for the graphql-core schema inside it.
    """
    module, colon, name = where.partition(":")
    if not colon:
        return build_schema(Path(where).read_text(encoding="utf-8"))
    found: Any = getattr(import_module(module), name)
    return getattr(found, "_schema", found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
