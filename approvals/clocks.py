"""The clocks that run while a thing is decided on: each noun says what its own show (R1.5).

Approvals knows no order: `@shows_clocks("order")` declares the function that gives, for the references of
many cases at once, what their clocks say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from approvals.states import CaseState

#: By a case's reference, what its clock shows: `words` and `tone`.
Faces = Mapping[str, Any]
CLOCKS: dict[str, Callable[[Collection[str]], Faces]] = {}


def shows_clocks(
    kind: str,
) -> Callable[[Callable[[Collection[str]], Faces]], Callable[[Collection[str]], Faces]]:
    """Declare who knows the clocks of one kind of case."""

    def declare(function: Callable[[Collection[str]], Faces]) -> Callable[[Collection[str]], Faces]:
        CLOCKS[kind] = function
        return function

    return declare


def with_clocks(steps: Iterable[Any]) -> None:
    """Give every step whose case is still open its `clock`: one question a kind, however many steps."""
    listed = list(steps)
    for each in listed:
        each.clock = None
    for kind, faces_of in CLOCKS.items():
        running = [each for each in listed if each.case.kind == kind and each.case.state == CaseState.OPEN]
        faces = faces_of({each.case.reference for each in running}) if running else {}
        for each in running:
            each.clock = faces.get(each.case.reference)
