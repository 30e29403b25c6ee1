from pathlib import PurePath

import pytest

from tests.house import names
from tests.house.tree import ROOT, files, modules, shown

pytestmark = pytest.mark.house
PRODUCT = list(modules())


def test_every_module_has_a_telling_name():
    found = [shown(path) for path in PRODUCT if names.empty_module_name(path.relative_to(ROOT))]
    assert found == []


def test_every_function_and_class_has_a_telling_name():
    found = [
        f"{shown(path)}: {each}"
        for path in PRODUCT
        for each in names.empty_names(path.read_text(), command="commands" in path.parts)
    ]
    assert found == []


def test_nothing_is_left_for_later():
    sources = [*PRODUCT, *files(".html", root=ROOT / "templates")]
    assert [f"{shown(path)}: {each}" for path in sources for each in names.unfinished(path.read_text())] == []


def test_an_empty_name_is_found():
    assert names.empty_module_name(PurePath("orders/utils.py"))
    assert names.empty_module_name(PurePath("orders/helpers/lines.py"))
    assert not names.empty_module_name(PurePath("orders/actions.py"))
    source = (
        "class OrderManager: ...\ndef handle(): ...\ndef process_order(): ...\ndef release_order(): ...\n"
    )
    assert list(names.empty_names(source)) == ["OrderManager", "handle", "process_order"]
    assert list(names.empty_names("class Command:\n    def handle(self): ...\n", command=True)) == []
    assert names.unfinished("raise NotImplementedError  # TODO") == [
        "raise NotImplementedError",
        "TODO",
    ]
    assert names.unfinished("except NotImplementedError:") == []
