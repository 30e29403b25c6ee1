"""Rulebook, code and tests name the same rules."""

import ast
import re
from collections.abc import Iterable, Iterator

NUMBER = re.compile(r"\bR\d+\.\d+\b")
RULE_ROW = re.compile(r"^\| (R\d+\.\d+) \|", re.M)


def numbers_of(rulebook: str) -> set[str]:
    """The rules that the rulebook states."""
    return set(RULE_ROW.findall(rulebook))


def declared(source: str) -> set[str]:
    """The numbers that a module enforces: `rule("R5.3", …)` and `Gate(number="R5.9", …)`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found.update(_texts(_named(node)))
    return {each for each in found if NUMBER.fullmatch(each)}


def tested(source: str) -> set[str]:
    """The numbers in `pytest.mark.rule(…)` of a test module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
            found.update(_texts(node.args))
    return found


def unknown(named: Iterable[str], rulebook: set[str]) -> set[str]:
    """Numbers that the rulebook does not have."""
    return set(named) - rulebook


def _named(call: ast.Call) -> Iterator[ast.expr]:
    name = ast.unparse(call.func).split(".")[-1]
    if name == "rule" and call.args and not ast.unparse(call.func).endswith("mark.rule"):
        yield call.args[0]
    if name == "Gate":
        yield from (each.value for each in call.keywords if each.arg == "number")


def _texts(nodes: Iterable[ast.expr]) -> set[str]:
    return {each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)}
