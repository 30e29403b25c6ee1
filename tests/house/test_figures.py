"""What the database adds up is rounded (ADR 0006): SQLite's 0.1 + 0.2 is more than 0.3."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.house
ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "approvals", "inventory", "customers", "orders", "logistics", "invoicing", "reports")
SUM = re.compile(r"\bF\([^()]*\)\s*[+-]\s")
WRAPPED = re.compile(r"\b(money|quantity)\(")


def bare_sums(source: str) -> list[str]:
    """The lines in which columns are added up without rounding (whole numbers say so: `# whole`)."""
    return [
        line.strip()
        for line in source.splitlines()
        if SUM.search(line) and not WRAPPED.search(line) and not line.rstrip().endswith("# whole")
    ]


def test_no_sum_goes_unrounded():
    found = {
        str(path.relative_to(ROOT)): bare_sums(path.read_text())
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    }
    assert not {path: lines for path, lines in found.items() if lines}


@pytest.mark.parametrize("line", ['paid=F("paid") + amount', 'Q(a__lte=F("b") - F("c"))'])
def test_a_bare_sum_is_found(line):
    assert bare_sums(line)


def test_a_rounded_sum_passes():
    assert not bare_sums('paid=figures.money(F("paid") + amount)')
