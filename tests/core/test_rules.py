"""What a shut gate tells to whom (R9.6, R10.2)."""

import pytest

from core.rules import Reason, rule


class Reader:
    def __init__(self, *permissions):
        self.permissions = permissions

    def has_perm(self, permission):
        return permission in self.permissions


@pytest.mark.rule("R10.2")
def test_figures_are_told_to_who_may_see_them_and_to_nobody_else():
    reason = Reason(
        "R5.7",
        "covered",
        "Exposure %(after)s is not covered.",
        {"after": "186.00"},
        figures_for="customers.view_credit",
        masked="The exposure is not covered.",
    )
    assert reason.told_to(Reader("customers.view_credit")) == "Exposure 186 is not covered."
    for reader in (None, Reader(), Reader("orders.view_salesorder")):
        assert reason.told_to(reader) == "The exposure is not covered."
    assert reason.sentence == "The exposure is not covered."
    assert "186" not in str(reason)


@pytest.mark.rule("R10.2")
def test_a_sentence_for_some_has_another_for_all():
    with pytest.raises(ValueError, match="masked"):
        rule("R5.7", "Exposure %(after)s.", figures_for="customers.view_credit")
