import pytest

from tests.house import sizes
from tests.house.tree import modules, shown, templates

pytestmark = pytest.mark.house
EVERY_MODULE = [*modules(), *modules(tests=True)]


def test_no_module_is_too_long():
    assert [shown(path) for path in EVERY_MODULE if sizes.long_module(path.read_text())] == []


def test_no_function_is_too_long():
    found = [
        f"{shown(path)}: {each}" for path in EVERY_MODULE for each in sizes.long_functions(path.read_text())
    ]
    assert found == []


def test_no_template_is_too_long():
    assert [shown(path) for path in templates() if sizes.long_template(path.read_text())] == []


def test_what_is_too_long_is_found():
    assert sizes.long_module("x = 1\n" * 401)
    assert not sizes.long_module("x = 1\n" * 400)
    assert sizes.long_template("<p>\n" * 151)
    assert list(sizes.long_functions("def long():\n" + "    x = 1\n" * 31)) == ["long (31 statements)"]
    assert list(sizes.long_functions("def fits():\n" + "    x = 1\n" * 30)) == []
