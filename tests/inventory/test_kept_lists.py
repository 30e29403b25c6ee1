"""R10.1, R10.2: the administrator keeps warehouses, categories, price lists, portal accounts, on record."""

import pytest

from core.models import Event
from customers.models import Customer
from inventory.models import PriceList, Warehouse
from tests.orders_world import customer
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.mark.rule("R10.1")
def test_a_warehouse_added_and_renamed_leaves_two_events(world):
    client = world.client("admin")
    assert client.post("/admin/inventory/warehouse/add/", {"code": "W1", "name": "一号库"}).status_code == 302
    kept = Warehouse.objects.get()
    url = f"/admin/inventory/warehouse/{kept.pk}/change/"
    assert client.post(url, {"code": "W1", "name": "成品库"}).status_code == 302

    told = Event.objects.filter(thread=f"warehouse:{kept.pk}").order_by("seq")
    assert [event.verb for event in told] == ["warehouse.added", "warehouse.changed"]
    assert (told[1].facts["old"], told[1].facts["new"]) == ({"name": "一号库"}, {"name": "成品库"})
    assert client.post(f"/admin/inventory/warehouse/{kept.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.rule("R10.2")
def test_only_the_administrator_keeps_them(world):
    for name in ("warehouse", "gm", "support"):
        answer = world.client(name).post("/admin/inventory/pricelist/add/", {"name": "x"})
        assert answer.status_code == 302
        assert "login" in answer.headers["Location"]
    assert PriceList.objects.count() == 0


@pytest.mark.rule("R10.2")
def test_a_portal_account_sees_its_customer_from_the_moment_it_is_set(world):
    known = customer(world)
    assert not Customer.objects.visible_to(world.customer).exists()

    url = f"/admin/customers/customer/{known.pk}/change/"
    client = world.client("admin")
    assert client.post(url, {"portal_users": [world.customer.pk], "name": "改名"}).status_code == 302

    assert list(Customer.objects.visible_to(world.again("customer"))) == [known]
    assert Customer.objects.get().name == known.name
    assert Event.objects.get(verb="customer.portal_set").thread == known.thread
