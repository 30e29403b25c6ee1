import pytest

from tests.house import living_names
from tests.house.tree import ROOT

pytestmark = pytest.mark.house


def test_where_things_happen_names_live_code():
    prose = (ROOT / "docs" / "where-things-happen.md").read_text()
    assert living_names.NAME.findall(prose)
    assert list(living_names.dead_names(prose)) == []


def test_a_dead_name_is_found():
    prose = "`core.rules.Gate` and `core.rules.Portcullis` and `core.moat.dig`"
    assert list(living_names.dead_names(prose)) == ["core.moat.dig", "core.rules.Portcullis"]
