"""What the grid adds, it adds once, however often it is sent because an answer was lost (I11)."""

import uuid

import pytest

from orders.models import OrderLine
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def cells(**typed):
    """The cells of the grid's first row, as they are posted."""
    return {f"lines-0-{name}": value for name, value in typed.items()}


@pytest.mark.rule("R1.13")
def test_a_block_sent_twice_under_its_key_comes_in_once(world):
    order = desk.draft_order(world, lines=())
    desk.product(world, "A", price="5")
    client, url = world.client("rep"), f"{order.get_absolute_url()}edit/paste/"
    sent = {"form_key": str(uuid.uuid4()), "pasted": "A\t1\nA\t2", "version": order.version}
    first, second = client.post(url, sent), client.post(url, sent)
    assert (first.status_code, second.status_code) == (200, 200)
    assert [line.quantity for line in OrderLine.objects.order_by("position")] == [1, 2]

    other = client.post(url, sent | {"pasted": "A\t7"})
    assert other.status_code == 409
    assert "A\t7" in other.content.decode()
    assert OrderLine.objects.count() == 2


@pytest.mark.rule("R1.13")
def test_a_refused_block_leaves_its_key_free(world):
    order = desk.draft_order(world, lines=())
    desk.product(world, "A", price="5")
    client, url = world.client("rep"), f"{order.get_absolute_url()}edit/paste/"
    sent = {"form_key": str(uuid.uuid4()), "version": order.version}
    assert client.post(url, sent | {"pasted": "A\t1\nA\tx"}).status_code == 409
    assert client.post(url, sent | {"pasted": "A\t1"}).status_code == 200
    assert OrderLine.objects.get().quantity == 1


@pytest.mark.rule("R1.13")
def test_a_new_row_sent_again_under_its_key_is_the_same_line(world):
    order = desk.draft_order(world, lines=())
    desk.product(world, "A", price="5")
    client, url = world.client("rep"), f"{order.get_absolute_url()}edit/row/"
    sent = {"form_key": str(uuid.uuid4()), "row": "0", "version": order.version}
    assert client.post(url, sent | cells(product="A", quantity="1")).status_code == 200
    again = client.post(url, sent | cells(product="A", quantity="3"))
    assert again.status_code == 200
    line = OrderLine.objects.get()
    assert line.quantity == 3
    assert f'value="{line.pk}"' in again.content.decode()


@pytest.mark.rule("R1.13")
def test_a_pasted_block_comes_in_whole_or_not_at_all(world):
    order = desk.draft_order(world, lines=())
    desk.product(world, "A", price="5")
    client, url = world.client("rep"), f"{order.get_absolute_url()}edit/paste/"

    bad = client.post(url, {"pasted": "A\t1\nA\tx", "version": order.version})
    assert bad.status_code == 409
    assert "R1.13" in bad.content.decode()
    unread = {
        "pasted": "A\t1",
        "version": order.version,
        "lines-TOTAL_FORMS": 1,
        **cells(product="A", quantity="many"),
    }
    assert not OrderLine.objects.exists()

    answer = client.post(url, unread)  # a row above that cannot be read stops no block
    assert answer.status_code == 200
    assert 'value="many"' in answer.content.decode()
    assert [line.quantity for line in OrderLine.objects.order_by("position")] == [0, 1]
    OrderLine.objects.all().delete()

    good = client.post(url, {"pasted": "A\t1\nB\t2", "version": order.version})
    assert good.status_code == 200
    assert [line.typed for line in OrderLine.objects.order_by("position")] == ["", "B"]
