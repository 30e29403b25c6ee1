import pytest
from django.utils import translation

from core.management.commands.lifecycles import FOLDER, lifecycle_pages, stale_pages, write

pytestmark = pytest.mark.house


def test_the_lifecycle_pages_tell_what_the_gates_say():
    with translation.override("en"):
        assert stale_pages(lifecycle_pages(), FOLDER) == []


def test_a_stale_a_missing_and_a_left_over_page_are_found(tmp_path):
    write({"order.md": "draft → submitted", "shipment.md": "packed → released"}, tmp_path)
    assert stale_pages({"order.md": "draft → submitted", "shipment.md": "packed → released"}, tmp_path) == []

    (tmp_path / "shipment.md").unlink()
    (tmp_path / "invoice.md").write_text("draft → posted")
    pages = {"order.md": "draft → approved", "shipment.md": "packed → released"}
    assert stale_pages(pages, tmp_path) == ["invoice.md", "order.md", "shipment.md"]

    write(pages, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["order.md", "shipment.md"]


def test_every_step_names_its_rules():
    page = lifecycle_pages()["shipment.md"]
    assert "| release |" in page
    assert "R5." in page
