"""People's own verbs: name a substitute, end it, read the inbox, remind somebody, be signed in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import gates
from accounts.inbox import notify, notify_all
from accounts.models import Delegation, Notice, User
from accounts.queries import forget_lendings
from core.audit import record
from core.locks import lock
from core.rules import require


@transaction.atomic
def give_delegation(
    *,
    actor: User,
    substitute: User,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    kinds: Iterable[str] = (),
    ceiling: Decimal | None = None,
) -> Delegation:
    """Name who decides in one's place for a span; it counts when the decision falls (R2.12, I14).

    `kinds` (codes of steps, none: all) and `ceiling` (company currency) say how far that goes.

    Raises Blocked with every reason: the span, the substitute's rights, another substitution in that span.
    """
    giver = lock(User, actor.pk)
    wish = Delegation(
        giver=giver,
        substitute=substitute,
        starts_at=starts_at,
        ends_at=ends_at,
        kinds=sorted(kinds),
        ceiling=ceiling,
        reason=reason,
    )
    require(*gates.DELEGATION, subject=wish)
    wish.save()
    forget_lendings()
    span = {
        "starts": f"{timezone.localtime(starts_at):%Y-%m-%d %H:%M}",
        "ends": f"{timezone.localtime(ends_at):%Y-%m-%d %H:%M}",
    }
    record(
        "delegation.given",
        thread=thread_of(actor.username),
        actor=actor,
        subject=actor.username,
        reason=reason,
        substitute=substitute,
        kinds=wish.kinds,
        ceiling=ceiling,
        **span,
    )
    notify(
        substitute,
        "delegation_given",
        key=f"delegation:{wish.pk}",
        link="/delegations/",
        giver=actor,
        **span,
    )
    return wish


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, actor: User) -> Delegation:
    """End one's own substitution at once. Raises Blocked when it is over, DoesNotExist if it is another's."""
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk, giver=actor)
    require(gates.delegation_is_not_over, subject=delegation)
    now = timezone.now()
    Delegation.objects.filter(pk=delegation.pk, revoked_at=None).update(revoked_at=now)
    forget_lendings()
    delegation.revoked_at = now
    record(
        "delegation.revoked",
        thread=thread_of(actor.username),
        actor=actor,
        subject=actor.username,
        substitute=delegation.substitute,
    )
    notify(
        delegation.substitute,
        "delegation_revoked",
        key=f"delegation:{delegation.pk}:revoked",
        link="/delegations/",
        giver=actor,
    )
    return delegation


def hold_lendings(substitute: User) -> None:
    """Nobody ends what was lent to this person until the caller's transaction is over (I14).

    Asked before the gate: a substitution that ended meanwhile is not found by it any more, and one that is
    found ends after the decision.
    """
    held = Delegation.objects.select_for_update().filter(substitute=substitute, revoked_at=None)
    list(held.order_by("pk").values_list("pk", flat=True))


def read_notices(*, actor: User, notices: Iterable[int] | None = None) -> int:
    """Mark notices of one's own inbox as read, all of them if none are named; returns how many were."""
    mine = Notice.objects.filter(person=actor, read_at=None)
    if notices is not None:
        mine = mine.filter(pk__in=list(notices))
    return mine.update(read_at=timezone.now())


@transaction.atomic
def remind(*, actor: User, people: Iterable[int], about: str, link: str) -> list[User]:
    """Remind people of what waits for them: once a day by the same person about the same thing."""
    told = list(User.objects.filter(pk__in=list(people), is_active=True).exclude(pk=actor.pk))
    subject = hashlib.sha256(f"{link} {about}".encode()).hexdigest()[:16]
    key = f"reminder:{actor.pk}:{subject}:{timezone.localdate()}"
    if told and not Notice.objects.filter(person=told[0], key=key).exists():
        notify_all(told, "reminder", key=key, link=link, who=actor, about=about)
        record(
            "person.reminded",
            thread=thread_of(actor.username),
            actor=actor,
            subject=link[:120],
            people=", ".join(str(each) for each in told),
            about=about,
        )
    return told


@transaction.atomic
def record_person(
    *, actor: User, person: User, opened: bool, old: dict[str, str], new: dict[str, str]
) -> None:
    """R10.1: an administrator opened or changed somebody's account."""
    record(
        "person.opened" if opened else "person.changed",
        thread=thread_of(person.username),
        actor=actor,
        subject=person.username,
        old=old,
        new=new,
    )


@transaction.atomic
def record_sign_in(*, user: User, address: str) -> None:
    """R10.4: somebody came in."""
    record(
        "sign_in.succeeded",
        thread=thread_of(user.username),
        actor=user,
        subject=user.username,
        address=address,
    )


@transaction.atomic
def record_sign_out(*, user: User) -> None:
    """R10.4: somebody left."""
    record("sign_in.ended", thread=thread_of(user.username), actor=user, subject=user.username)


@transaction.atomic
def record_failed_sign_in(*, username: str, address: str) -> None:
    """R10.4: somebody was refused. Names that nobody bears share one thread: none is made up from outside."""
    known = User.objects.filter(username=username).first()
    thread = thread_of(known.username) if known else "user"
    record("sign_in.failed", thread=thread, actor=known, subject=username[:60], address=address)


def thread_of(username: str) -> str:
    """The audit thread of one person's comings and goings."""
    return f"user:{username}"[:120]
