"""Rules of likely duplicates: ruled out by a person before the order is submitted (R1.12)."""

from django.utils.translation import gettext_lazy as _

from core.rules import Facts, Gate, rule
from orders.content import number_key
from orders.gates.content import REP, SUPPORT, its_rep
from orders.states import EDITABLE

MOST_TOLD = 5


@rule("R1.12", _("%(order)s is a likely duplicate: the same products and quantities."), opened_by=REP)
def duplicates_are_ruled_out(order) -> list[Facts]:
    open_twins = list(type(order).objects.open_twins_of(order)[: MOST_TOLD + 1])
    found = [_asks(order, twin) for twin in open_twins[:MOST_TOLD]]
    if len(open_twins) > MOST_TOLD:
        found.append({"_text": _("And there are more likely duplicates."), **_looked_at(order)})
    return found


def _asks(order, twin) -> Facts:
    theirs = number_key(order.customer_order_number)
    same_number = theirs and twin.their_key == theirs
    number = {"number": order.customer_order_number}
    if twin.team_id != order.team_id:  # the rep does not see it: whoever sees every team looks at it (R10.2)
        text = _("An order with another team is a likely duplicate: the same products and quantities.")
        if same_number:
            text = _(
                "An order with another team is a likely duplicate: the same customer order number %(number)s."
            )
        return {"_text": text, **number, **_looked_at(order), "_people": (), "_opened_by": SUPPORT}
    facts = {"order": twin, **_looked_at(order)}
    if same_number:
        text = _("%(order)s is a likely duplicate: the same customer order number, %(number)s.")
        facts |= {"_text": text, **number}
    return facts


def _looked_at(order) -> Facts:
    return {"_next_step": f"{order.get_absolute_url()}twins/", **its_rep(order)}


@rule("R1.12", _("%(order)s is not among the likely duplicates of this order."))
def numbers_are_twins(order, numbers, actor) -> list[Facts]:
    seen = type(order).objects.twins_of(order).visible_to(actor).filter(number__in=list(numbers))
    known = set(seen.values_list("number", flat=True))
    return [{"order": each} for each in sorted(set(numbers) - known)]


@rule("R1.12", _("Say why it is not a duplicate."))
def ruling_out_has_a_reason(order, reason) -> Facts | None:
    return None if reason.strip() else {"_field": "reason"}


RULE_OUT = Gate(
    transition="rule_out_duplicates",
    number="R1.12",
    permission="orders.submit_salesorder",
    states=EDITABLE,
    roles=(*REP, *SUPPORT),
    label=_("Not a duplicate"),
)
