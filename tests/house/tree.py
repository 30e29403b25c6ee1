"""What the house rules look at: the files of the project."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "core",
    "accounts",
    "approvals",
    "inventory",
    "customers",
    "orders",
    "logistics",
    "invoicing",
    "reports",
)
SKIPPED = {
    ".venv",
    ".git",
    "var",
    "node_modules",
    "__pycache__",
    ".ruff_cache",
    ".mypy_cache",
    ".pytest_cache",
}
SKIPPED |= {".import_linter_cache", ".hypothesis", "test-results"}


def files(*suffixes: str, root: Path = ROOT) -> Iterator[Path]:
    """The project's own files, by suffix (all of them without one)."""
    for path in sorted(root.iterdir()):
        if path.name in SKIPPED:
            continue
        if path.is_dir():
            yield from files(*suffixes, root=path)
        elif not suffixes or path.suffix in suffixes:
            yield path


def modules(*, tests: bool = False) -> Iterator[Path]:
    """Python modules: those of the product, or those of the tests; never migrations."""
    for path in files(".py"):
        parts = path.relative_to(ROOT).parts
        if "migrations" not in parts and (parts[0] == "tests") == tests:
            yield path


def templates() -> Iterator[Path]:
    """Every HTML template."""
    yield from files(".html")


def shown(path: Path) -> str:
    """The path as a message names it."""
    return str(path.relative_to(ROOT))
