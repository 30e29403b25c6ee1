"""Files of orders: what was uploaded, how it is read, what is wrong in it, what it became (R1.13)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core import clock
from core.transitions import Stateful, gated
from orders import gates
from orders.intake.columns import unnamed
from orders.models.shapes import PERSON
from orders.querysets import ImportQuerySet, MappingQuerySet
from orders.states import IMPORT_BADGE, ImportState


class ImportBatch(Stateful):
    """One uploaded file of order lines. The same file of the same customer is taken in once."""

    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+", verbose_name=_("file"))
    digest = models.CharField(max_length=64, editable=False)  # SHA-256 of the content
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )  # empty: a column of the file names it
    head_row = models.PositiveIntegerField(default=1)  # where the headings stand
    headings = models.JSONField(default=list)
    sample = models.JSONField(default=list)  # the first rows, to name the columns by
    mapping = models.JSONField(default=list, blank=True)  # by position, the name of our column or ""
    corrections = models.JSONField(default=dict, blank=True)  # {"row": {"column": "text"}}
    left_out = models.JSONField(default=list, blank=True)  # numbers of rows that are not taken
    #: The file is the customer's own order: each order gets it as its source document (R1.1).
    is_source = models.BooleanField(_("the customer’s own order"), default=False)
    state = FSMField(_("state"), default=ImportState.UPLOADED, choices=ImportState.choices, protected=True)
    run = models.PositiveIntegerField(default=0)  # rises with each order to a worker
    row_count = models.PositiveIntegerField(_("lines"), default=0)
    stage = models.PositiveSmallIntegerField(default=0)  # what the worker is at: STAGES
    done_count = models.PositiveIntegerField(default=0)  # how far it is in that
    hidden_count = models.PositiveIntegerField(default=0)  # rows that the sheet hides
    order_count = models.PositiveIntegerField(_("orders"), default=0)
    problem_count = models.PositiveIntegerField(default=0)
    known = models.JSONField(default=list, blank=True)  # orders that were here before
    totals = models.JSONField(default=dict, blank=True)  # what they come to, by currency
    made = models.JSONField(default=list, blank=True)  # numbers of the orders made
    failure = models.JSONField(default=dict, blank=True)  # why, by language
    uploaded_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="imports", verbose_name=_("uploaded by")
    )
    taken_at = models.DateTimeField(_("taken in at"), null=True, blank=True)
    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of orders")
        verbose_name_plural = _("imports of orders")
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=Q(state="taken", customer__isnull=True),
                name="import_taken_once",
            ),
            models.UniqueConstraint(
                fields=["digest", "customer"],
                condition=Q(state="taken", customer__isnull=False),
                name="import_taken_once_of_customer",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(taken_at__isnull=False, problem_count=0),
                name="import_taken_is_sound",
            ),
            models.CheckConstraint(condition=Q(done_count__lte=F("row_count")), name="import_progress"),
            models.CheckConstraint(
                condition=Q(is_source=False) | Q(customer__isnull=False), name="import_source_has_customer"
            ),
        ]
        indexes = [
            models.Index(fields=["uploaded_by", "-created_at", "-id"], name="import_newest"),
            models.Index(fields=["digest"], name="import_digest"),
            models.Index(
                fields=["state_since", "id"],
                name="import_running",
                condition=Q(state__in=("checking", "taking")),
            ),
        ]

    def __str__(self):
        return self.file.name

    def get_absolute_url(self):
        return reverse("orders:import_batch", args=[self.pk])

    @property
    def thread(self) -> str:
        """The audit thread of this file."""
        return f"import:{self.pk}"

    @property
    def tone(self) -> str:
        """The status colour of its state."""
        if self.state == ImportState.CHECKED and self.problem_count:
            return "returned"
        return IMPORT_BADGE[ImportState(self.state)]

    @property
    def job_key(self) -> str:
        """What the outbox calls the present order to a worker."""
        return f"import:{self.pk}:{self.run}"

    @property
    def is_open(self) -> bool:
        """Whether its person still works on it."""
        return self.state in gates.NAME_COLUMNS.states

    @property
    def is_running(self) -> bool:
        """Whether a worker is at it."""
        return self.state in gates.REPORT_IMPORT.states

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The bad cells, in the order of the file."""
        return [each.told() for each in self.found.all()]

    def written_at(self, row, column, typed):
        """What was written here in the place of a cell; what stands in the file where nothing was."""
        return self.corrections.get(str(row), {}).get(column, typed)

    def unnamed_columns(self):
        """The columns that must be named and are not: name and label of each."""
        return unnamed(self.mapping, with_customer=self.customer_id is None)

    def twins(self):
        """The other uploads of the same content for the same customer."""
        others = ImportBatch.objects.filter(digest=self.digest, customer=self.customer_id)
        return others.exclude(pk=self.pk)

    def twins_taken(self) -> bool:
        """Whether the same content is in already."""
        return self.twins().filter(state=ImportState.TAKEN).exists()

    @gated(state, target=ImportState.CHECKING, gate=gates.CHECK_IMPORT)
    def check_rows(self, *, actor):
        """A worker reads it whole."""
        self.run, self.stage, self.done_count = self.run + 1, 0, 0

    @gated(state, target=ImportState.CHECKED, gate=gates.REPORT_IMPORT)
    def report(self, *, actor):
        """Its person sees what was found; what was to be taken in is not."""

    @gated(state, target=ImportState.TAKING, gate=gates.TAKE_IMPORT)
    def take(self, *, actor):
        """A worker reads it again, and takes it in."""
        self.run, self.stage, self.done_count = self.run + 1, 0, 0

    @gated(state, target=ImportState.TAKEN, gate=gates.FINISH_IMPORT)
    def finish(self, *, actor, at):
        """All its orders are drafts."""
        self.taken_at = at

    @gated(state, target=ImportState.FAILED, gate=gates.FAIL_IMPORT)
    def fail(self, *, actor):
        """It could not be read to its end; nothing was taken in."""

    @gated(state, target=ImportState.DISCARDED, gate=gates.DISCARD_IMPORT)
    def discard(self, *, actor):
        """Its person wants it no more."""


class ImportProblem(models.Model):
    """One bad cell of a file, as the last look through it found it (R1.13)."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="found")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=40)  # the name of our column
    typed = models.TextField(blank=True)
    words = models.JSONField(default=dict)  # why it cannot be taken, by language
    offers = models.JSONField(default=list)  # what may have been meant
    cells = models.JSONField(default=list)  # what stands in its row

    class Meta:
        verbose_name = _("bad cell")
        verbose_name_plural = _("bad cells")
        ordering = ("id",)  # written in the order of the file
        indexes = [models.Index(fields=["batch", "id"], name="problem_of_batch")]

    def __str__(self):
        return f"{self.row} {self.column}"

    @property
    def says(self) -> str:
        """Why not, in the reader's language."""
        return self.words.get(get_language() or "en", self.words.get("en", ""))

    def told(self) -> dict[str, Any]:
        """Row, column and what is said of it."""
        return {
            "row": self.row,
            "column": self.column,
            "typed": self.typed,
            "words": self.words,
            "offers": self.offers,
        }


class ColumnMapping(models.Model):
    """How headings are read: of a customer's file, or, where a column names the customer, of any file."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, related_name="column_mappings"
    )
    layout = models.CharField(max_length=64)  # of the headings, whatever their order
    columns = models.JSONField(default=dict)  # heading → our column
    named_at = models.DateTimeField(default=clock.now)
    objects = MappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "layout"],
                condition=Q(customer__isnull=False),
                name="mapping_once_of_customer",
            ),
            models.UniqueConstraint(
                fields=["layout"], condition=Q(customer__isnull=True), name="mapping_once_of_layout"
            ),
        ]

    def __str__(self):
        return f"{self.customer_id or ''} {self.layout[:8]}"
