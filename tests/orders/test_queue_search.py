"""Every queue that shows a search box searches: by order, customer's number, customer, file."""

import pytest

from tests import orders_world as desk
from tests.orders.importing import HEAD, as_csv, brought, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(world):
    """Two orders that technical and production are asked about, each of its own customer."""
    for code in ("P-1", "P-2"):
        desk.product(world, code, supply="make")
    return [
        desk.order_in_review(
            world, asked=True, of=desk.customer(world, f"C-{each}"), lines=((f"P-{each}", "2"),)
        )
        for each in (1, 2)
    ]


@pytest.mark.parametrize(("who", "path"), [("tech", "/technical/"), ("production", "/promises/")])
def test_a_queue_of_the_review_is_searched(world, client, waiting, who, path):
    client.force_login(world.people[who])
    page = client.get(path, {"q": "C-2"}).content.decode()
    assert 'id="filter-q"' in page
    assert waiting[1].number in page
    assert waiting[0].number not in page


def test_the_queue_of_business_support_is_searched_within_its_tab(world, client):
    first, second = (desk.submitted_order(world, of=desk.customer(world, f"C-{each}")) for each in (1, 2))
    client.force_login(world.support)
    page = client.get("/support/", {"queue": "standardise", "q": second.number}).content.decode()
    assert second.number in page
    assert first.number not in page
    assert '<input type="hidden" name="queue" value="standardise">' in page


def test_the_files_of_orders_are_searched(world, client):
    brought(world, as_csv([HEAD, line("PO-1")]), "march.csv")
    brought(world, as_csv([HEAD, line("PO-2")]), "april.csv")
    client.force_login(world.rep)
    page = client.get("/orders/import/", {"q": "april"}).content.decode()
    assert "april.csv" in page
    assert "march.csv" not in page
