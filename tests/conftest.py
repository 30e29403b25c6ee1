"""What every test needs: nothing remembered from the one before, a flush that passes the audit triggers."""

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import translation

from core.audit_triggers import without_triggers
from core.parameters import reset_cache


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    """Parameters and calendar days read by one test are unknown to the next."""
    reset_cache()
    yield
    reset_cache()
    translation.activate("zh-hans")


@pytest.fixture(scope="session", autouse=True)
def _the_flush_passes_the_triggers():
    """A transactional test ends with a flush; append-only tables would refuse it."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flushed(operations, sql_list):
        with without_triggers(operations.connection):
            flush(operations, sql_list)

    BaseDatabaseOperations.execute_sql_flush = flushed
    yield
    BaseDatabaseOperations.execute_sql_flush = flush
