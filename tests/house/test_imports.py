"""The import contracts hold, and each of them fails when it is broken."""

import shutil
import subprocess
import sys

import pytest

from tests.house.contracts import trespasses
from tests.house.tree import APPS, ROOT

pytestmark = pytest.mark.house
LINT = [
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command; lint_imports_command()",
    "--no-cache",
]


def lint(folder, *arguments):
    return subprocess.run([*LINT, *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def small_house(tmp_path):
    """Nine apps with a module in each room and the contracts of this project."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "house").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "house" / "contracts.py", tmp_path / "tests" / "house")
    for app in (*APPS, "config"):
        (tmp_path / app).mkdir()
        for name in (
            "__init__",
            "states",
            "gates",
            "models",
            "queries",
            "actions",
            "forms",
            "views",
            "urls",
            "tasks",
        ):
            (tmp_path / app / f"{name}.py").write_text("")
    return tmp_path


def test_the_contracts_hold():
    outcome = lint(ROOT)
    assert outcome.returncode == 0, outcome.stdout


def test_a_house_without_imports_keeps_every_contract(small_house):
    outcome = lint(small_house)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("floors", "orders/actions.py", "from reports import queries"),
        ("floors", "core/gates.py", "import accounts.models"),
        ("floors", "inventory/models.py", "def late():\n    from orders.models import x"),
        ("edges", "orders/views.py", "from logistics import views"),
        ("edges", "orders/actions.py", "from orders import forms"),
        ("rooms", "orders/models.py", "from orders import actions"),
        ("rooms", "logistics/gates.py", "from logistics import queries"),
        ("rooms", "approvals/states.py", "from approvals import models"),
    ],
)
def test_a_broken_contract_is_found(small_house, contract, module, line):
    (small_house / module).write_text(f"{line}\n")
    outcome = lint(small_house, "--contract", contract)
    assert outcome.returncode == 1
    assert "1 broken" in outcome.stdout, outcome.stdout + outcome.stderr


def test_an_edge_may_read_any_domain(small_house):
    (small_house / "core" / "views.py").write_text("from orders import queries\n")
    (small_house / "orders" / "urls.py").write_text("from orders import views\n")
    assert lint(small_house).returncode == 0


def test_a_trespass_is_a_foreign_edge_or_an_edge_from_the_domain():
    links = [
        ("orders.views", "orders.forms"),
        ("orders.views", "logistics.queries"),
        ("orders.views", "logistics.forms"),
        ("orders.actions", "orders.views"),
        ("config.urls", "orders.urls"),
    ]
    assert list(trespasses(links)) == links[2:]
