"""What stands open with a customer downstream (R5.7): the apps tell of it in `<app>/open_papers.py`.

So customers ask about orders and quotations, which they cannot import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Lookup = Callable[[Any], list[str]]
LOOKUPS: list[Lookup] = []


def open_papers(lookup: Lookup) -> Lookup:
    """Declare a lookup: a customer's open papers of one kind, by number."""
    LOOKUPS.append(lookup)
    return lookup


def papers_open_with(customer: Any) -> list[str]:
    """The numbers of all that is open with the customer."""
    return [number for lookup in LOOKUPS for number in lookup(customer)]
