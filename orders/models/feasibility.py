"""What technical and production put their names to, line by line (R2.8, R2.9)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core import clock
from core.transitions import Stateful, gated
from orders import gates
from orders.models.line import OrderLine
from orders.models.shapes import PERSON
from orders.states import SAMPLE_BADGE, SampleState


class TechnicalStatement(models.Model):
    """R2.8: can the line be made, does the process or formula change, of which materials; signed by name.

    The newest of a line counts, as long as its digest is that of the line's product, specification, quantity.
    """

    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="technical_statements")
    makeable = models.BooleanField(_("can be made"))
    process_changed = models.BooleanField(_("process or formula changed"), default=False)
    materials = models.TextField(_("raw materials"), blank=True)
    proposal = models.TextField(_("what we propose instead"), blank=True)
    digest = models.CharField(max_length=64)
    #: The statement about the same product whose words were taken over: "as for order …".
    as_for = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("as stated before")
    )
    signed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("signed by"))
    signed_at = models.DateTimeField(_("signed at"), default=clock.now)

    class Meta:
        verbose_name = _("technical statement")
        verbose_name_plural = _("technical statements")
        constraints = [
            models.CheckConstraint(
                condition=Q(makeable=False) | ~Q(materials=""), name="technical_states_materials"
            ),
            models.CheckConstraint(
                condition=Q(makeable=True) | ~Q(proposal=""), name="technical_refusal_proposes"
            ),
        ]
        indexes = [models.Index(fields=["line", "-signed_at"], name="technical_newest")]

    def __str__(self):
        return f"{self.line_id} · {self.signed_by}"


class ProductionPromise(models.Model):
    """R2.9: production's written promise of the date of finish, by name; the newest of a line counts."""

    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="promises")
    promised_on = models.DateField(_("promised finish"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    promised_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("promised by"))
    promised_at = models.DateTimeField(_("promised at"), default=clock.now)

    class Meta:
        verbose_name = _("production's promise")
        verbose_name_plural = _("production's promises")
        indexes = [models.Index(fields=["line", "-promised_at"], name="promise_newest")]

    def __str__(self):
        return f"{self.line_id} · {self.promised_on}"


class Sample(Stateful):
    """R2.8: a changed process opens a sample (new product trial) first; the order waits for its result."""

    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="samples")
    what = models.TextField(_("what is tried"))
    digest = models.CharField(max_length=64, blank=True)  # of what the line asked for
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    state = FSMField(_("state"), default=SampleState.OPEN, choices=SampleState.choices, protected=True)
    result = models.TextField(_("result"), blank=True)
    judged_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("judged by")
    )

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        permissions = [("judge_sample", _("Can judge samples"))]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(state="open"), name="sample_one_open"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(judged_by__isnull=False) & ~Q(result=""),
                name="sample_judged_by_someone",
            ),
        ]

    def __str__(self):
        return self.what[:60]

    @property
    def tone(self) -> str:
        """The status colour of its state."""
        return SAMPLE_BADGE[SampleState(self.state)]

    @gated(state, target=SampleState.PASSED, gate=gates.PASS_SAMPLE)
    def come_out(self, *, actor, result):
        """It came out as wanted."""
        self.judged_by, self.result = actor, result

    @gated(state, target=SampleState.FAILED, gate=gates.FAIL_SAMPLE)
    def fail(self, *, actor, result):
        """It did not."""
        self.judged_by, self.result = actor, result
