"""Dotted names in prose must name live code."""

import importlib
import re
from collections.abc import Iterator

NAME = re.compile(
    r"`((?:core|accounts|approvals|inventory|customers|orders|logistics|invoicing|reports|config)(?:\.\w+)+)`"
)


def dead_names(prose: str) -> Iterator[str]:
    """The names in backticks that import nothing."""
    for name in sorted(set(NAME.findall(prose))):
        if not lives(name):
            yield name


def lives(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for each in parts[cut:]:
            if not hasattr(found, each):
                return False
            found = getattr(found, each)
        return True
    return False
