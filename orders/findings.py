"""R2.5: what the automatic pre-check finds, kept with the case: the first thing an approver reads.

A finding is {rule, name, facts, tone}; the page fills the named sentence in the reader's language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from approvals.authority import OrderFacts
from approvals.triggers import secret, triggers
from approvals.weighing import beside
from customers.models import CreditAccount, PriceAgreement
from customers.terms import asked, longest_days
from orders.agreed import agreed_alone_by, rests_on
from orders.content import below, deviation, net_price, number_key, plain, reference_price
from orders.credit import exceeded_by, exposure_with
from orders.feasible import days_late, is_made_to_order, lines_to_promise, promise_of, with_promises
from orders.margins import price_facts, rate_of, unknown_costs
from orders.models import SalesOrder
from orders.parameters import DEVIATION_SHOWN
from orders.queries import last_prices
from orders.shortage import Shortage, shortages
from orders.states import OrderClass
from orders.terms import is_money_first

TERMS = ("payment_terms", "deposit_percent", "credit_days")
WORST_FIRST = ("blocked", "pending", "done")
ZERO = Decimal(0)

triggers(
    order_customer_blocked=_("%(customer)s is blocked: %(why)s."),
    order_without_credit=_(
        "No credit line, and the terms ask no money first; exposure with all open orders: "
        "%(after)s %(currency)s with this one."
    ),
    order_beyond_limit=_(
        "Exposure with all open orders: %(after)s %(currency)s passes the limit %(limit)s by %(over)s "
        "(ordered %(ordered)s, shipped %(shipped)s, invoiced %(invoiced)s, received %(received)s, "
        "this order %(this)s)."
    ),
    order_within_limit=_(
        "Exposure with all open orders: %(after)s %(currency)s with this one, within the limit %(limit)s."
    ),
    order_limit_passed_already=_(
        "Without this order %(open)s %(currency)s are open already, %(over)s beyond the limit %(limit)s."
    ),
    order_terms_easier=_(
        "Easier than agreed with the customer: %(payment_terms)s, deposit %(deposit_percent)s %%, "
        "%(credit_days)s days; agreed: %(agreed_payment_terms)s, deposit %(agreed_deposit_percent)s %%, "
        "%(agreed_credit_days)s days."
    ),
    order_terms_differ=_(
        "Other terms than agreed, none of them easier: %(payment_terms)s, deposit %(deposit_percent)s %%, "
        "%(credit_days)s days; agreed: %(agreed_payment_terms)s, deposit %(agreed_deposit_percent)s %%, "
        "%(agreed_credit_days)s days."
    ),
    order_terms_agreed=_("The terms are those agreed with the customer."),
    order_price_below=_("Line %(position)s: %(product)s is %(percent)s %% below the list price %(list)s."),
    order_price_above=_("Line %(position)s: %(product)s is %(percent)s %% above the list price %(list)s."),
    order_price_below_agreed=_(
        "Line %(position)s: %(product)s is %(percent)s %% below the agreed price %(agreed)s."
    ),
    order_price_above_agreed=_(
        "Line %(position)s: %(product)s is %(percent)s %% above the agreed price %(agreed)s."
    ),
    order_agreed_alone=_(
        "Line %(position)s: the agreed price of %(product)s, %(agreed)s, is %(percent)s %% below the list; "
        "%(who)s agreed it alone and does not decide on the order."
    ),
    order_agreed_by_two=_(
        "Line %(position)s: the agreed price of %(product)s, %(agreed)s, is %(percent)s %% below the list; "
        "%(who)s entered it, a second person said yes in change %(change)s."
    ),
    order_price_below_paid=_(
        "Line %(position)s: %(product)s is %(percent)s %% below the price last paid, %(last)s."
    ),
    order_price_above_paid=_(
        "Line %(position)s: %(product)s is %(percent)s %% above the price last paid, %(last)s."
    ),
    order_no_rate=_(
        "No rate of %(code)s is on file for %(day)s or before: finance sets it under Settings, Exchange "
        "rates. Until then the amount counts as beyond every limit."
    ),
    order_cost_unknown=_("The margin is unknown for line %(lines)s: no cost is on file."),
    order_price_unlisted=_("Line %(position)s: %(product)s has no list price; last paid: %(last)s."),
    order_short=_("Line %(position)s: %(free)s of %(quantity)s %(unit)s are free; %(short)s are to be made."),
    order_offer_part=_("Line %(position)s: %(free)s %(unit)s can leave at once, %(short)s later."),
    order_offer_later=_("Line %(position)s: production of %(product)s that is under way ends on %(day)s."),
    order_offer_substitute=_("Line %(position)s: instead, %(free)s %(unit)s of %(product)s are free."),
    order_offer_making=_("Line %(position)s: production makes %(short)s %(unit)s; it promises the date."),
    order_stock_enough=_("Every line can be served from free stock."),
    order_made_to_order=_("Line %(position)s: %(product)s is made to order; technical confirms it."),
    order_promised_late=_(
        "Line %(position)s: production promises %(promised)s, %(days)s days behind the due date %(due)s "
        "(%(who)s)."
    ),
    order_promised=_("Line %(position)s: production promises %(promised)s, in time (%(who)s)."),
    order_customer_fine=_("%(customer)s is not blocked."),
    order_money_first=_("The terms ask for the money first; no credit is taken."),
    order_prices_fine=_("Every price is within %(percent)s %% of what was agreed or listed."),
    order_prices_as_before=_(
        "Every price is within %(percent)s %% of what was agreed or listed, and of what was last paid."
    ),
    order_single=_("No other order is like this one."),
    order_twin=_("%(order)s has the same customer order number, %(number)s."),
    order_same_content=_("%(order)s orders the same products and quantities."),
    order_twin_elsewhere=_("An order with another team has the same customer order number, %(number)s."),
    order_same_content_elsewhere=_("An order with another team orders the same products and quantities."),
)
secret(
    "customers.view_credit",
    *("order_without_credit", "order_beyond_limit", "order_within_limit", "order_limit_passed_already"),
)
secret("inventory.view_cost", "order_cost_unknown")


def order_facts(order: SalesOrder, account: CreditAccount) -> OrderFacts:
    """The plain facts by which approvals decide who must decide (R2.1–R2.3)."""
    lines = [line for line in order.lines.all() if line.product_id]
    return OrderFacts(
        **price_facts(order),
        payment_days=longest_days(order),
        terms_eased=terms_eased(order),
        agreed_by=agreed_alone_by(order),
        credit_exceeded_by=exceeded_by(order, account),
        has_credit=order.customer.credit_line or is_money_first(order),
        klass=order.klass,
        special=order.klass == OrderClass.SPECIAL,
        made_to_order=any(is_made_to_order(line) for line in lines),
        promise_needed=bool(lines_to_promise(order)),
        team_manager_id=order.team.manager_id,
        team_id=order.team_id,
    )


def terms_eased(order: Any) -> dict[str, dict[str, str]]:
    """R3.2: in what the terms ask less than the customer's agreed ones; a quotation's as well."""
    return asked(order).easier_than(asked(order.customer)) if order.payment_terms else {}


def pre_check(order: SalesOrder, account: CreditAccount) -> list[dict[str, Any]]:
    """Customer, credit, terms, prices, stock, likely duplicates: the worst first, what is fine last."""
    with_promises(order)
    found = [
        *late_promises(order),
        *kept_promises(order),
        *_customer(order),
        *_credit(order, account),
        *_terms(order),
        *_prices(order),
        *_measures(order),
        *_stock(order),
        *_duplicates(order),
    ]
    return worst_first(found)


def kept_promises(order: SalesOrder) -> list[dict[str, Any]]:
    """R2.9: the lines that production promised for their due date or before."""
    promised = [(line, promise_of(line)) for line in order.lines.all() if line.product_id]
    return [
        _finding(
            "R2.9",
            "order_promised",
            tone="done",
            position=line.position,
            promised=said.promised_on,
            who=said.promised_by,
        )
        for line, said in promised
        if said is not None and days_late(line, said.promised_on) <= 0
    ]


def after_promise(order: SalesOrder, findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings once production has promised: late and kept days, and what is offered still."""
    promised = {str(line.position) for line in order.lines.all() if line.product_id and promise_of(line)}
    others = [
        _without_making(each, promised)
        for each in findings
        if each.get("name") not in ("order_promised_late", "order_promised")
    ]
    return worst_first([*late_promises(order), *kept_promises(order), *others])


def _without_making(each: dict[str, Any], promised: Collection[str]) -> dict[str, Any]:
    """A shortage whose date is promised no longer offers that production promises it."""
    if "offers" not in each or each["facts"].get("position") not in promised:
        return each
    return {**each, "offers": [one for one in each["offers"] if one["name"] != "order_offer_making"]}


def worst_first(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings in the order in which they are read."""
    return sorted(found, key=lambda each: WORST_FIRST.index(each["tone"]))


def late_promises(order: SalesOrder) -> list[dict[str, Any]]:
    """R2.9: the lines whose promised finish lies behind their due date; their promises are fetched."""
    promised = [(line, promise_of(line)) for line in order.lines.all() if line.product_id]
    return [
        _finding(
            "R2.9",
            "order_promised_late",
            position=line.position,
            promised=said.promised_on,
            due=line.due_on,
            days=days_late(line, said.promised_on),
            who=said.promised_by,
        )
        for line, said in promised
        if said is not None and days_late(line, said.promised_on) > 0
    ]


def _finding(rule: str, name: str, *, tone: Any = "pending", link: str = "", **facts: Any) -> dict[str, Any]:
    shown = {key: plain(value) if isinstance(value, Decimal) else str(value) for key, value in facts.items()}
    found = {"rule": rule, "name": name, "facts": shown, "tone": tone}
    return {**found, "link": link} if link else found


def _customer(order: SalesOrder) -> list[dict[str, Any]]:
    if not order.customer.is_blocked:
        return [_finding("R2.5", "order_customer_fine", tone="done", customer=order.customer.name)]
    facts = {"customer": order.customer.name, "why": order.customer.block_reason}
    return [_finding("R2.5", "order_customer_blocked", tone="blocked", **facts)]


def _credit(order: SalesOrder, account: CreditAccount) -> list[dict[str, Any]]:
    limit, after = order.customer.credit_limit, exposure_with(order, account)
    parts: dict[str, Any] = {
        "ordered": account.ordered,
        "shipped": account.shipped,
        "invoiced": account.invoiced,
        "received": account.received,
        "this": order.grand_total,
        "after": after,
        "limit": limit,
        "currency": order.currency,
    }
    papers = {"link": f"{order.customer.get_absolute_url()}?tab=credit"}
    if is_money_first(order):
        first = _finding("R2.6", "order_money_first", tone="done", **papers)
        open_now = after - order.grand_total
        if not order.customer.credit_line or open_now <= limit:
            return [first]
        excess = {**parts, "open": open_now, "over": open_now - limit}
        return [_finding("R2.6", "order_limit_passed_already", **papers, **excess), first]
    if not order.customer.credit_line:
        return [_finding("R2.6", "order_without_credit", tone="blocked", **papers, **parts)]
    over = exceeded_by(order, account)
    if over:
        return [_finding("R2.6", "order_beyond_limit", tone="blocked", over=over, **papers, **parts)]
    return [_finding("R2.6", "order_within_limit", tone="done", **papers, **parts)]


def _terms(order: SalesOrder) -> list[dict[str, Any]]:
    """R3.2: the order's terms beside those that two people agreed with the customer."""
    customer = order.customer
    if not order.payment_terms:
        return []
    shown: dict[str, Any] = {
        **{name: getattr(order, name) for name in TERMS},
        **{f"agreed_{name}": getattr(customer, name) for name in TERMS},
    }
    page = {"link": customer.get_absolute_url()}
    if terms_eased(order):
        return [_finding("R3.2", "order_terms_easier", tone="blocked", **page, **shown)]
    same = all(getattr(order, name) == getattr(customer, name) for name in TERMS)
    name = "order_terms_agreed" if same else "order_terms_differ"
    return [_finding("R3.2", name, tone="done", **page, **shown)]


def _prices(order: SalesOrder) -> list[dict[str, Any]]:
    """R1.7: against what was agreed, where nothing was against the list; and against what was last paid."""
    shown = DEVIATION_SHOWN.value()
    lines = [line for line in order.lines.all() if line.product_id]
    paid = last_prices(order, {line.product_id for line in lines})
    found = []
    for line in lines:
        last = paid.get(line.product_id)
        away, since = deviation(line), below(net_price(line), last)
        facts: dict[str, Any] = {"position": line.position, "product": line.product}
        if away is None:
            told = "–" if last is None else last
            found.append(_finding("R1.7", "order_price_unlisted", last=told, **facts))
        elif abs(away) > shown:
            name, against = ("_agreed", "agreed") if line.agreed_price else ("", "list")
            found.append(_price_away(away, shown, name, {against: reference_price(line)}, facts))
        if since is not None and abs(since) > shown:
            found.append(_price_away(since, shown, "_paid", {"last": last}, facts))
    agreed = list(rests_on(order))
    prefetch_related_objects([agreement for _line, agreement in agreed], "entered_by", "change")
    found += [_agreed_low(line, agreement, shown) for line, agreement in agreed]
    return found or [_finding("R1.7", "order_prices_as_before", tone="done", percent=shown)]


def _price_away(
    away: Decimal, shown: Decimal, than: str, against: dict[str, Any], facts: dict[str, Any]
) -> dict[str, Any]:
    """By how much a price lies below or above what it is compared with."""
    name = "order_price_below" if away > 0 else "order_price_above"
    return _finding("R1.7", f"{name}{than}", percent=beside(abs(away), shown), **against, **facts)


def _agreed_low(line: Any, agreement: PriceAgreement, shown: Decimal) -> dict[str, Any]:
    """R2.10: what brought the price below the list, and whether a second person agreed it."""
    away = below(agreement.price, line.list_price)
    facts: dict[str, Any] = {
        "position": line.position,
        "product": line.product,
        "agreed": agreement.price,
        "percent": "–" if away is None else beside(away, shown),
        "who": agreement.entered_by,
    }
    if agreement.change is None:
        return _finding("R2.10", "order_agreed_alone", **facts)
    return _finding("R2.10", "order_agreed_by_two", tone="done", change=agreement.change.number, **facts)


def _measures(order: SalesOrder) -> list[dict[str, Any]]:
    """R2.2, R6.11: what keeps amount or margin from being measured."""
    if rate_of(order) is None:
        return [_finding("R2.2", "order_no_rate", tone="blocked", code=order.currency, day=order.ordered_on)]
    unknown = unknown_costs(order)
    if not unknown:
        return []
    return [_finding("R6.11", "order_cost_unknown", lines=", ".join(str(each) for each in unknown[:20]))]


def _stock(order: SalesOrder) -> list[dict[str, Any]]:
    """R2.7: what is short, and what could be done about it."""
    lines = list(order.lines.all())
    short = shortages(lines)
    made = [
        _finding("R2.8", "order_made_to_order", position=line.position, product=line.product)
        for line in lines
        if is_made_to_order(line)
    ]
    if not short:
        return made or [_finding("R2.7", "order_stock_enough", tone="done")]
    return [_short(each) for each in short] + made


def _short(each: Shortage) -> dict[str, Any]:
    """One finding per short line; what could be done about it is folded into it."""
    line = {"position": each.line.position, "unit": each.line.unit}
    free = {"free": each.free, "short": each.short, **line}
    offers = []
    if each.free > 0:
        offers.append(_finding("R2.7", "order_offer_part", **free))
    if each.later_on:
        product = {"product": each.line.product, "day": each.later_on}
        offers.append(_finding("R2.7", "order_offer_later", position=each.line.position, **product))
    for other, left in each.substitutes:
        instead: dict[str, Any] = {"product": other, "code": other.code, "free": left}
        offers.append(_finding("R2.7", "order_offer_substitute", **instead, **line))
    if promise_of(each.line) is None:
        offers.append(_finding("R2.7", "order_offer_making", short=each.short, **line))
    return {**_finding("R2.7", "order_short", quantity=each.line.quantity, **free), "offers": offers}


def _duplicates(order: SalesOrder) -> list[dict[str, Any]]:
    """R1.12: likely duplicates; of another team's nothing is told but that there is one (R10.2)."""
    key, number = number_key(order.customer_order_number), order.customer_order_number
    found = []
    for each in SalesOrder.objects.twins_of(order)[:5]:
        tone = "done" if each.number in order.not_duplicates else "pending"
        name = "order_twin" if key and each.their_key == key else "order_same_content"
        told = {"order": each.number} if each.team_id == order.team_id else {}
        name = name if told else f"{name}_elsewhere"
        found.append(_finding("R1.12", name, tone=tone, number=number, **told))
    return found or [_finding("R1.12", "order_single", tone="done")]
