"""Standardisation: our codes beside the customer's words, and the open questions to the rep (R1.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.inbox import notify, notify_all, notify_role
from accounts.models import User
from approvals.states import StepState
from approvals.waiting import deciders
from core.audit import record
from core.locks import lock
from core.rules import Blocked, Reason
from core.transitions import bump_version
from inventory.models import Product
from orders import gates
from orders.actions.amounts import count_line
from orders.actions.draft import TOTALS, recount
from orders.content import standard
from orders.models import OrderLine, Question, SalesOrder
from orders.pricing import PriceBook, price_book, put_price
from orders.queries import products_by_text, reread
from orders.states import OrderState

#: What business support may put right. Prices, terms and dates stay the rep's.
SUPPORTS_FIELDS = ("specification", "quantity", "unit", "packaging", "tolerance")
WRITTEN = (
    *("product", "typed", "customer_words", "list_price", "agreed_price", "price", "price_source"),
    *("goods", "discount", "tax", "total"),
    *SUPPORTS_FIELDS,
)


@transaction.atomic
def standardise_lines(
    order: SalesOrder, *, rows: Iterable[Mapping[str, Any]], actor: User, version: int | None = None
) -> SalesOrder:
    """Put lines into our terms: `id`, and of `product`, specification, quantity, unit, packaging, tolerance.

    Prices stay as the rep agreed them (a line without one takes its own); what they are compared with is read
    anew for the product and the quantity (R1.7), and the total follows. Who changed something decides on no
    step of its review (R1.9, R2.10). Raises Blocked, Stale when the page was old.
    """
    order = reread(order.pk)
    gates.STANDARDISE_EDIT.require(order, actor)
    if version is not None and version != order.version:
        bump_version(order, expected=version)
    before = {each["position"]: each for each in standard(order)}
    changed = _apply(order, rows)
    if not changed:
        return order
    OrderLine.objects.bulk_update(changed, WRITTEN)
    recount(order)
    order.standard_editors = sorted({*order.standard_editors, actor.pk})
    bump_version(order)
    order.save(update_fields=["standard_editors", *TOTALS])
    after = {each["position"]: each for each in standard(order)}
    touched = [line.position for line in changed]
    record(
        "order.standard_edited",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        count=len(changed),
        total=order.grand_total,
        currency=order.currency,
        old={str(at): _said(before[at]) for at in touched},
        new={str(at): _said(after[at]) for at in touched},
    )
    return order


@transaction.atomic
def ask_question(order: SalesOrder, *, text: str, actor: User, line: OrderLine | None = None) -> Question:
    """Ask the rep what is not clear; until it is answered the order is not standardised."""
    order = reread(order.pk)
    gates.ASK.require(order, actor)
    question = Question.objects.create(order=order, line=line, text=text, asked_by=actor)
    record("order.question_asked", thread=order.thread, actor=actor, subject=order.number, question=text)
    notify(order.owner, "order_question_asked", question=text, **_notice(order, f"question:{question.pk}"))
    return question


@transaction.atomic
def answer_question(question: Question, *, text: str, actor: User) -> Question:
    """The rep's answer, by name; who asked is told. Raises Blocked if it is answered or was their own."""
    order = reread(question.order_id)
    question = lock(Question, question.pk, "order", "asked_by")
    _require(
        [
            *gates.ANSWER.reasons(order, actor),
            *gates.question_is_open.broken(question),
            *gates.actor_did_not_ask.broken(question, actor),
        ]
    )
    question.answer, question.answered_by, question.answered_at = text, actor, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    record(
        "order.question_answered",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        question=question.text,
        answer=text,
    )
    notify(
        question.asked_by,
        "order_question_answered",
        question=question.text,
        answer=text,
        **_notice(order, f"answer:{question.pk}"),
    )
    return question


@transaction.atomic
def withdraw_question(question: Question, *, actor: User) -> Question:
    """Business support no longer needs the answer."""
    order = reread(question.order_id)
    question = lock(Question, question.pk)
    _require([*gates.TAKE_BACK_QUESTION.reasons(order, actor), *gates.question_is_open.broken(question)])
    question.withdrawn_at = timezone.now()
    question.save(update_fields=["withdrawn_at"])
    record(
        "order.question_withdrawn",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        question=question.text,
    )
    return question


@transaction.atomic
def object_to_standard(order: SalesOrder, *, text: str, actor: User) -> SalesOrder:
    """The rep objects to what business support made of the order: said in the timeline and beside every
    decision that is open, told to those who standardised it and to those who decide.
    """
    order = reread(order.pk)
    gates.OBJECT.require(order, actor)
    said = record(
        "order.standard_objected", thread=order.thread, actor=actor, subject=order.number, reason=text
    )
    facts = {"reason": text, **_notice(order, f"objection:{said.seq}")}
    people = set(User.objects.filter(pk__in=[each for each in gates.standardisers(order) if each]))
    if order.state == OrderState.IN_REVIEW and order.case is not None:
        for step in order.case.steps.all():
            if step.state == StepState.OPEN and step.round == order.case.round:
                people |= set(deciders(step))
    if people:
        notify_all(people, "order_standard_objected", **facts)
    else:
        notify_role("business_support", "order_standard_objected", **facts)
    return order


def _apply(order: SalesOrder, rows: Iterable[Mapping[str, Any]]) -> list[OrderLine]:
    lines = {line.pk: line for line in order.lines.all()}
    wanted = [row for row in rows if row.get("id") in lines]
    texts = {row["product"] for row in wanted if isinstance(row.get("product"), str) and row["product"]}
    found: dict[Any, Product] = dict(products_by_text(texts))
    found |= {row["product"]: row["product"] for row in wanted if isinstance(row.get("product"), Product)}
    ours = {each.pk: each for each in (*found.values(), *(line.product for line in lines.values())) if each}
    book = price_book(order, ours.values()) if wanted else PriceBook()
    changed = []
    for row in wanted:
        line = lines[row["id"]]
        before, priced = _all_of(line), _priced_by(line)
        if row.get("product"):
            _name_product(line, found.get(row["product"]), row["product"])
        for name in SUPPORTS_FIELDS:
            if row.get(name) is not None:
                setattr(line, name, row[name])
        if _priced_by(line) != priced:
            put_price(line, line.price, book)
        if _all_of(line) != before:
            count_line(line, order.currency)
            changed.append(line)
    return changed


def _priced_by(line: OrderLine) -> tuple[Any, ...]:
    """R1.7: what a line's agreed and list price follow from."""
    return line.product_id, line.quantity


def _name_product(line: OrderLine, product: Product | None, given: Any) -> None:
    """Our product for the customer's words; what nobody finds stays as it was typed, in red."""
    if product is None:
        line.product, line.typed = None, str(given)[:120]
        return
    if product.pk == line.product_id:
        return
    line.customer_words = line.customer_words or line.typed
    line.product, line.typed = product, ""
    line.specification, line.unit = product.specification, product.unit


def _all_of(line: OrderLine) -> tuple[Any, ...]:
    return (line.product_id, line.typed, *(getattr(line, name) for name in SUPPORTS_FIELDS))


def _said(each: Mapping[str, str]) -> str:
    shown = [each[name] for name in ("product", "specification", "packaging", "tolerance") if each[name]]
    return " · ".join([*shown, f"{each['quantity']} {each['unit']}".strip()])


def _require(reasons: list[Reason]) -> None:
    if reasons:
        raise Blocked(reasons)


def _notice(order: SalesOrder, step: str) -> dict[str, str]:
    return {
        "key": f"order:{order.number}:{step}",
        "link": order.get_absolute_url(),
        "order": order.number,
        "customer": order.customer.name,
    }
