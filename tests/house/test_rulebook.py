import pytest

from tests.house import rulebook
from tests.house.tree import ROOT, files, modules, shown

pytestmark = pytest.mark.house
STATED = rulebook.numbers_of((ROOT / "docs" / "rulebook.md").read_text())


def named_anywhere(tests: bool) -> set[str]:
    return {each for path in modules(tests=tests) for each in rulebook.NUMBER.findall(path.read_text())}


def test_the_rulebook_is_read():
    assert {"R1.1", "R5.7", "R10.5"} <= STATED


def test_every_number_that_is_named_stands_in_the_rulebook():
    strangers = {
        f"{shown(path)}: {number}"
        for path in files(".py", ".html", ".md")
        if path.parent.name != "house" and path.name != "rulebook.md"
        for number in rulebook.unknown(rulebook.NUMBER.findall(path.read_text()), STATED)
    }
    assert strangers == set()


def test_every_rule_in_code_has_a_test():
    enforced = {each for path in modules() for each in rulebook.declared(path.read_text())}
    held = {each for path in modules(tests=True) for each in rulebook.tested(path.read_text())}
    assert enforced - held == set()


def test_every_rule_that_is_tested_stands_in_code():
    held = {
        each
        for path in modules(tests=True)
        if path.parent.name != "house"
        for each in rulebook.tested(path.read_text())
    }
    assert held - named_anywhere(tests=False) == set()


def test_a_number_that_is_made_up_is_found():
    assert rulebook.unknown({"R5.3", "R99.1"}, STATED) == {"R99.1"}


def test_a_rule_and_a_gate_in_code_are_found():
    source = (
        'GATE = Gate(transition="go", number="R5.9")\n@rule("R2.1", _("Not yet."))\ndef is_ready(x): ...\n'
    )
    assert rulebook.declared(source) == {"R5.9", "R2.1"}


def test_a_marked_test_is_found_and_is_no_declaration():
    source = '@pytest.mark.rule("R5.3", "R5.5")\ndef test_it(): ...\n'
    assert rulebook.tested(source) == {"R5.3", "R5.5"}
    assert rulebook.declared(source) == set()
