"""Gates of samples (R2.8)."""

from django.utils.translation import gettext_lazy as _

from core.rules import Gate
from orders.states import SampleState

PASS_SAMPLE = Gate(
    transition="pass_sample",
    number="R2.8",
    permission="orders.judge_sample",
    states=(SampleState.OPEN,),
    roles=("technical",),
    label=_("Passed"),
)
FAIL_SAMPLE = Gate(
    transition="fail_sample",
    number="R2.8",
    permission="orders.judge_sample",
    states=(SampleState.OPEN,),
    roles=("technical",),
    label=_("Failed"),
)
