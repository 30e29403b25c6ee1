"""Read once per request or task: what is read here is remembered until `forget_all` is called."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Generic, TypeVar

T = TypeVar("T")
_memos: list[Memo] = []


class Memo(Generic[T]):
    """The result of `load`, remembered in this thread or task only."""

    def __init__(self, name: str, load: Callable[[], T]):
        self._load = load
        self._kept: ContextVar[tuple[T] | None] = ContextVar(name, default=None)
        _memos.append(self)

    def get(self) -> T:
        kept = self._kept.get()
        if kept is None:
            kept = (self._load(),)
            self._kept.set(kept)
        return kept[0]

    def forget(self) -> None:
        self._kept.set(None)


def forget_all() -> None:
    """Forget everything remembered here: before each request and each task, and after a change."""
    for memo in _memos:
        memo.forget()
