"""Names that say nothing, and printing."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePath

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common", "info", "data"}
EMPTY_VERBS = re.compile(r"^_?(handle|process|do|manage)(_|$)")
EMPTY_CLASS = re.compile(r"(Manager|Helper|Handler|Processor|Utils|Info|Service)$")
GIVEN_BY_DJANGO = {"handle"}  # BaseCommand.handle


def empty_module_name(path: PurePath) -> bool:
    """Whether a module's or package's name says nothing."""
    return bool(EMPTY_WORDS & {path.stem, *path.parts[:-1]})


def empty_names(source: str, *, command: bool = False) -> Iterator[str]:
    """Functions and classes whose names say nothing."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and EMPTY_CLASS.search(node.name):
            yield node.name
        if isinstance(node, ast.FunctionDef) and EMPTY_VERBS.search(node.name):
            given = command and node.name in GIVEN_BY_DJANGO
            yield from () if given else (node.name,)


def unfinished(source: str) -> list[str]:
    """Marks of unfinished work."""
    return re.findall(r"\b(?:TODO|FIXME|XXX|raise NotImplementedError)\b", source)
