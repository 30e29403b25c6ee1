"""Gates of the case and step's transitions, and their rules."""

from django.utils.translation import gettext_lazy as _

from approvals.states import CaseState, StepState
from core.rules import Gate

REOPEN_CASE = Gate(
    transition="reopen",
    number="R2.11",
    permission="approvals.decide_step",
    states=(CaseState.OPEN, CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.APPROVED),
    roles=(),
    label=_("Open a new round"),
)
CLOSE_CASE = Gate(
    transition="close",
    number="R2.1",
    permission="approvals.decide_step",
    states=(CaseState.OPEN,),
    roles=(),
    label=_("Close the case"),
)
REFUSE_CASE = Gate(
    transition="refuse",
    number="R2.11",
    permission="approvals.decide_step",
    states=(CaseState.OPEN,),
    roles=(),
    label=_("Refuse"),
)
WITHDRAW_CASE = Gate(
    transition="withdraw",
    number="R2.11",
    permission="approvals.decide_step",
    states=(CaseState.OPEN, CaseState.APPROVED),
    roles=(),
    label=_("Withdraw"),
)
OPEN_STEP = Gate(
    transition="open",
    number="R2.1",
    permission="approvals.decide_step",
    states=(StepState.WAITING,),
    roles=(),
    label=_("Open"),
)
APPROVE_STEP = Gate(
    transition="approve",
    number="R2.1",
    permission="approvals.decide_step",
    states=(StepState.OPEN,),
    roles=(),
    label=_("Approve"),
)
REFUSE_STEP = Gate(
    transition="refuse",
    number="R2.11",
    permission="approvals.decide_step",
    states=(StepState.OPEN,),
    roles=(),
    label=_("Refuse"),
)
VOID_STEP = Gate(
    transition="void",
    number="R2.11",
    permission="approvals.decide_step",
    states=(StepState.WAITING, StepState.OPEN, StepState.APPROVED),
    roles=(),
    label=_("Void"),
)
