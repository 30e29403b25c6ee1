"""Several clean steps of one kind decided at once, each on its own, with a result per item (R2.5, R2.13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.models import Step
from approvals.triggers import SECRETS, is_ordinary, told, triggers
from approvals.weighing import trigger
from core.rules import Blocked, Reason, Stale, rule

#: At most so many at once: each is a decision of its own.
MOST = 50


@dataclass(frozen=True)
class Result:
    """What became of one item: the step, whether it was approved, else why not."""

    step: Step
    approved: bool
    reasons: list[Reason] = field(default_factory=list)
    is_stale: bool = False


triggers(
    batch_came_back=_("it came back, and round %(round)s shows what changed"),
    batch_secret=_("figures of credit or cost"),
)


@rule("R2.5", _("%(title)s has something to look at: %(what)s"))
def item_is_clean(step):
    odd = unusual(step)
    if odd:
        seen = {"name": "batch_secret"} if odd[0].get("name") in SECRETS else odd[0]
        return {"title": step.case.title, "what": told([seen])[0]["sentence"]}


@rule("R2.5", _("Decide on one kind of step at once; these are several kinds."))
def batch_is_of_one_kind(steps):
    if len({(step.kind, step.case.kind) for step in steps}) > 1:
        return {}


@rule("R2.5", _("At most %(most)s at once."))
def batch_is_small(steps):
    if len(steps) > MOST:
        return {"most": MOST}


def unusual(step: Step) -> list[dict]:
    """What gives cause to look closer: triggers, findings, and that it came back changed (R2.11)."""
    came_back = [trigger("R2.11", "batch_came_back", round=step.round)] if step.round > 1 else []
    found = [each for each in (*step.triggers, *step.case.findings) if not is_ordinary(each)]
    return [*found, *came_back]


def is_clean(step: Step) -> bool:
    """Whether nothing but what holds of every case calls for this decision."""
    return not unusual(step)


def approve_batch(
    items: Iterable[tuple[Step, str]], *, actor: User, decide: Callable[[Step, str, User], object]
) -> list[Result]:
    """Approve each step on the content whose digest is given; one that is shut keeps no other back.

    `decide` is the noun's own verb for one step. Raises Blocked, and does nothing, where the items are not of
    one kind or too many.
    """
    wanted = list(items)
    steps = [step for step, _digest in wanted]
    reasons = [*batch_is_of_one_kind.broken(steps), *batch_is_small.broken(steps)]
    if reasons:
        raise Blocked(reasons)
    return [_approve(step, digest, actor, decide) for step, digest in wanted]


def _approve(step: Step, digest: str, actor: User, decide: Callable[[Step, str, User], object]) -> Result:
    shut = item_is_clean.broken(step)
    if shut:
        return Result(step, False, shut)
    try:
        with transaction.atomic():
            decide(step, digest, actor)
    except Blocked as refused:
        return Result(step, False, list(refused.reasons))
    except Stale:
        return Result(step, False, is_stale=True)
    return Result(step, True)
