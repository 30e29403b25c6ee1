"""How long a thing may be: what is longer holds two ideas."""

import ast
from collections.abc import Iterator

MODULE_LINES = 400
FUNCTION_STATEMENTS = 30
TEMPLATE_LINES = 150


def long_module(source: str) -> bool:
    """Whether a module passes its length."""
    return len(source.splitlines()) > MODULE_LINES


def long_template(source: str) -> bool:
    """Whether a template passes its length."""
    return len(source.splitlines()) > TEMPLATE_LINES


def long_functions(source: str) -> Iterator[str]:
    """The functions with too many statements, nested ones counted in."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            statements = sum(isinstance(each, ast.stmt) for each in ast.walk(node)) - 1
            if statements > FUNCTION_STATEMENTS:
                yield f"{node.name} ({statements} statements)"
