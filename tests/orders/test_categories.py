"""The attachments that a product category demands: by name, one a line, whatever stood there (R1.3)."""

import pytest

from core.models import Event
from inventory.models import ProductCategory
from orders.views.doors import kinds_of_paper
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.3")]


def change(client, category, typed):
    url = f"/admin/inventory/productcategory/{category.pk}/change/"
    sent = {"code": category.code, "name": category.name, "demanded_attachments": typed}
    return client.post(url, sent)


def test_they_are_written_one_a_line_and_recorded(world):
    category = ProductCategory.objects.create(code="SP", name="专用件", demanded_attachments=["图纸"])
    client = world.client("admin")
    page = client.get(f"/admin/inventory/productcategory/{category.pk}/change/").content.decode()
    assert "图纸</textarea>" in page

    assert change(client, category, " 平面图 \r\n\r\n配置  清单\r\n平面图").status_code == 302

    category.refresh_from_db()
    assert category.demanded_attachments == ["平面图", "配置 清单"]
    event = Event.objects.get(verb="category.changed")
    assert (event.facts["old"], event.facts["new"]) == (
        {"demanded_attachments": "图纸"},
        {"demanded_attachments": "平面图, 配置 清单"},
    )


@pytest.mark.parametrize("typed", ["x" * 81, "\n".join(f"n{place}" for place in range(21))])
def test_what_no_paper_could_serve_as_is_refused(world, typed):
    category = ProductCategory.objects.create(code="SP", name="专用件", demanded_attachments=["图纸"])

    assert change(world.client("admin"), category, typed).status_code == 200

    category.refresh_from_db()
    assert category.demanded_attachments == ["图纸"]
    assert not Event.objects.filter(verb="category.changed").exists()


@pytest.mark.parametrize("kept", ["图纸", {"a": 1}, [None, 3, ""]])
def test_what_is_no_list_of_names_demands_nothing(world, kept):
    category = ProductCategory.objects.create(code="SP", name="专用件", demanded_attachments=kept)
    desk.product(world, "A", category=category)
    order = desk.draft_order(world, lines=(("A", "1"),))

    assert kinds_of_paper(order) == []
    assert world.client("rep").get(f"{order.get_absolute_url()}edit/").status_code == 200
