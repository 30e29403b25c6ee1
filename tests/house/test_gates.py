"""Every transition has its gate, every audit verb its sentence."""

import ast

import pytest
from django.apps import apps
from django_fsm import FSMField, transition

from core.audit import SENTENCES
from tests.house.tree import APPS, modules, shown

pytestmark = pytest.mark.house


def ungated(model) -> list[str]:
    """The transitions of a model that no gate guards."""
    fields = [each for each in model._meta.get_fields() if isinstance(each, FSMField)]
    return [
        f"{model.__name__}.{each.name}"
        for field in fields
        for each in field.get_all_transitions(model)
        if not hasattr(getattr(model, each.name, None), "gate") or "gate" not in each.custom
    ]


def recorded(source: str) -> set[str]:
    """The audit verbs that a module records by a literal."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] == "record"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def house_models():
    return [model for label in APPS for model in apps.get_app_config(label).get_models()]


def test_every_transition_has_a_gate():
    assert [each for model in house_models() for each in ungated(model)] == []


def test_there_are_transitions_to_guard():
    assert any(isinstance(field, FSMField) for model in house_models() for field in model._meta.get_fields())


def test_every_audit_verb_has_a_sentence():
    found = {
        f"{shown(path)}: {verb}"
        for path in modules()
        for verb in recorded(path.read_text())
        if verb not in SENTENCES
    }
    assert found == set()


def test_a_transition_without_a_gate_is_found():
    class Door:
        """As much of a model as the check reads."""

        state = FSMField(default="shut")

        @transition(field=state, source="shut", target="open")
        def swing(self): ...

    Door.state.transitions[Door] = {"swing": Door.swing}
    Door._meta = type("Meta", (), {"get_fields": staticmethod(lambda: [Door.state])})
    assert ungated(Door) == ["Door.swing"]


def test_a_recorded_verb_is_found():
    assert recorded('record("door.opened", thread="x")\naudit.record("door.shut")\nnotify("door")\n') == {
        "door.opened",
        "door.shut",
    }
