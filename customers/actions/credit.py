"""The credit account: its lock and its postings (R5.7)."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from accounts.models import User
from customers.models import CreditAccount, CreditEntry

PARTS = ("ordered", "released", "shipped", "invoiced", "received")


class AccountMoved(RuntimeError):
    """Somebody else posted between reading and writing; the transaction is rolled back."""


def lock_credit_account(customer_id: int) -> CreditAccount:
    """The customer's credit account, read under its lock until the commit: the first of the ladder."""
    found = CreditAccount.objects.select_for_update(of=("self",)).select_related("customer")
    account = found.filter(pk=customer_id).first()
    if account is None:
        CreditAccount.objects.bulk_create([CreditAccount(customer_id=customer_id)], ignore_conflicts=True)
        account = found.get(pk=customer_id)
    return account


@transaction.atomic
def post_exposure(
    account: CreditAccount,
    order_number: str,
    *,
    document: str,
    actor: User,
    ordered: Decimal | int = 0,
    released: Decimal | int = 0,
    shipped: Decimal | int = 0,
    invoiced: Decimal | int = 0,
    received: Decimal | int = 0,
    paid: Decimal | int = 0,
    approval: str = "",
) -> CreditEntry:
    """Post changes of the parts to a locked account, in its currency, tax included (R5.7).

    `paid` is money received for the order; `approval` names what covers exposure beyond the limit (I4).
    A part below zero, or more released than ordered, is refused by the table's own constraint.
    """
    changes = dict(zip(PARTS, map(Decimal, (ordered, released, shipped, invoiced, received)), strict=True))
    after = {part: getattr(account, part) + change for part, change in changes.items()}
    moved = CreditAccount.objects.filter(pk=account.pk, last_seq=account.last_seq).update(
        last_seq=account.last_seq + 1, **after
    )
    if not moved:
        raise AccountMoved(f"credit account {account.pk} moved on after entry {account.last_seq}")
    account.last_seq += 1
    for part, amount in after.items():
        setattr(account, part, amount)
    return CreditEntry.objects.create(
        account=account,
        seq=account.last_seq,
        order_number=order_number,
        document=document,
        paid=paid,
        exposure=account.exposure,
        approval=approval,
        actor=actor,
        **changes,
    )
