"""What every test stands on: nothing is remembered, and the last flush passes the audit triggers."""

import gc
import os
import uuid

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import translation

from core.audit_triggers import without_triggers
from core.parameters import reset_cache
from tests.template import copy_instead_of_migrating

copy_instead_of_migrating()
NO_SKIPS = os.environ.get("ORDERWAY_NO_SKIPS") == "1"


#: Of the orders' verbs and pages.
OF_ORDERS = (
    "categories",
    "confirmation",
    "confirmation_mail",
    "doors",
    "entry",
    "entry_cells",
    "entry_rows",
    "feasibility",
    "header_posts",
    "margin",
    "memo",
    "offers",
    "paper_views",
    "papers",
    "quotation",
    "quotation_versions",
    "release_promise",
    "review",
    "standardising",
    "submit",
    "whose_turn",
)
#: What asks each database the same, or none at all, runs on SQLite only: pages, papers and files, samples,
#: tables of what is decided by whom, counted queries, twins of rules. What locks, sorts, sums or constrains
#: runs on both.
ONCE = (
    "pages",
    "northwind",
    "twin_without_a_guard",
    "query_counts",
    "decision_table",
    "entry_property",
    "import_hostile",
    "import_columns",
    "import_currency",
    "chinese_paper",
    "scenarios/test_refusals",
    "scenarios/test_intake_to_release",
    "test_administration",
    "test_nobody_left",
    *(
        f"approvals/test_{each}."
        for each in ("lending", "substitutes", "batch", "matrix", "rights_and_rounds")
    ),
    *(f"orders/test_{each}." for each in OF_ORDERS),
    "tests/interface/",
    *(f"tests/core/test_{each}.py" for each in ("pdf", "files", "fields", "showing", "money", "settings")),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What is named so runs on one database. What was imported so far is there to stay, and swept no more."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    for item in items:
        if any(each in item.nodeid for each in ONCE):
            item.add_marker("once")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything is installed, a skip would hide a test: it fails instead."""
    report = yield
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    """Cached answers, throttles, parameters and calendar days of one test are unknown to the next."""
    settings.CACHES["default"]["KEY_PREFIX"] = cache.key_prefix = f"test-{uuid.uuid4().hex}"
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
