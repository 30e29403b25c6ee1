"""Races on real connections: many threads, one barrier, no sleep."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, connections


def run_together(count: int, work: Callable[[int], Any], *, timeout: float = 90) -> list[Any]:
    """Run `work(0)` … `work(count - 1)` at the same moment; their results, or what they raised, in order.

    Each runs in its own thread on its own database connection, which is closed at the end. The caller's
    test must be transactional: what is not committed the others do not see.
    """
    start = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout)
            results[place] = work(place)
        except Exception as error:  # the race's outcome, judged by the test
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout)
    stuck = sum(thread.is_alive() for thread in threads)
    assert not stuck, f"{stuck} of {count} threads did not come back"
    return results


def failures(results: list[Any]) -> list[BaseException]:
    """What was raised instead of answered."""
    return [result for result in results if isinstance(result, BaseException)]


def successes(results: list[Any]) -> list[Any]:
    """What was answered."""
    return [result for result in results if not isinstance(result, BaseException)]
