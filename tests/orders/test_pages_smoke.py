import pytest

from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def test_pages_open(world):
    order = desk.draft_order(world)
    c = world.client("rep")
    for url in ("/orders/", "/orders/new/", order.get_absolute_url(), order.get_absolute_url() + "edit/"):
        r = c.get(url)
        assert r.status_code == 200, url
    s = desk.submitted_order(world)
    for who in ("support", "manager", "gm", "finance", "warehouse"):
        assert world.client(who).get(s.get_absolute_url()).status_code == 200
    assert world.client("support").get("/support/").status_code == 200
    r = desk.released_order(world)
    assert world.client("lead").get(r.get_absolute_url()).status_code == 200
    a = desk.approved_order(world)
    assert world.client("lead").get(a.get_absolute_url()).status_code == 200
    v = desk.order_in_review(world)
    assert world.client("finance").get(v.get_absolute_url()).status_code == 200
    assert world.client("rep2").get(v.get_absolute_url()).status_code == 404
