"""Rules of likely duplicates: ruled out by a person before the order is submitted (R1.12)."""

from django.utils.translation import gettext_lazy as _

from core.rules import Facts, Gate, rule
from orders.gates.content import REP, its_rep
from orders.states import EDITABLE


@rule("R1.12", _("%(order)s is a likely duplicate: the same products and quantities."), opened_by=REP)
def duplicates_are_ruled_out(order) -> list[Facts]:
    return [_asks(order, twin) for twin in type(order).objects.twins_of(order) if not _ruled_out(order, twin)]


def _ruled_out(order, twin) -> bool:
    return twin.number in order.not_duplicates


def _asks(order, twin) -> Facts:
    facts = {"order": twin, "_next_step": f"{order.get_absolute_url()}twins/", **its_rep(order)}
    number = order.customer_order_number.strip()
    if number and twin.customer_order_number == number:
        facts |= {
            "_text": _("%(order)s is a likely duplicate: the same customer order number, %(number)s."),
            "number": number,
        }
    return facts


@rule("R1.12", _("%(order)s is not among the likely duplicates of this order."))
def numbers_are_twins(order, numbers) -> list[Facts]:
    twins = {each.number for each in type(order).objects.twins_of(order)}
    return [{"order": each} for each in sorted(set(numbers) - twins)]


@rule("R1.12", _("Say why it is not a duplicate."))
def ruling_out_has_a_reason(order, reason) -> Facts | None:
    return None if reason.strip() else {"_field": "reason"}


RULE_OUT = Gate(
    transition="rule_out_duplicates",
    number="R1.12",
    permission="orders.submit_salesorder",
    states=EDITABLE,
    roles=REP,
    label=_("Not a duplicate"),
)
