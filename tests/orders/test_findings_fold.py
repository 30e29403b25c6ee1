"""What the pre-check finds in order folds away; what is not stands open (R2.5, R2.7)."""

import re

import pytest

from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R2.5", "R2.7")]


def test_what_is_in_order_folds_away_and_a_shortage_stands_open(world):
    desk.product(world, "BRG-6204", stock=4)
    order = desk.order_in_review(world)

    page = world.client("finance").get(f"/approvals/?step={order.case.steps.get(kind='finance').pk}")
    card = page.content.decode().split('id="decision"')[1]
    folds = re.findall(r"<details.*?</details>", card, re.DOTALL)
    folded = [each for each in folds if "R2.5" in each]

    assert len(folded) == 1
    assert "R2.7" not in folded[0]
    assert "R2.7" in card
