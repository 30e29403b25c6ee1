"""Intake: memos, questions, quotations, files of orders, answers, feasibility, clocks (sections 1, 2)."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django_fsm
from django.conf import settings
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_delegation_kinds_and_ceiling"),
        ("approvals", "0001_initial"),
        ("approvals", "0003_what_open_steps_are_to_cover"),
        ("core", "0002_append_only_audit"),
        ("customers", "0002_append_only_entries"),
        ("customers", "0003_agreements_and_changes"),
        ("inventory", "0002_append_only_movements"),
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Memo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "state_since",
                    models.DateTimeField(
                        default=core.clock.now, editable=False, verbose_name="in this state since"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=core.clock.now, editable=False, verbose_name="created at"),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("fax", "Fax"),
                            ("visit", "Visit"),
                            ("rep", "Sales rep"),
                            ("portal", "Portal"),
                            ("shop", "E-commerce"),
                            ("api", "API"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("caller", models.CharField(max_length=80, verbose_name="who called or was met")),
                (
                    "company",
                    models.CharField(blank=True, max_length=120, verbose_name="company, if no customer yet"),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("said_at", models.DateTimeField(verbose_name="when")),
                ("said", models.TextField(verbose_name="what they said")),
                ("open_points", models.TextField(blank=True, verbose_name="what is still open")),
                ("wanted_on", models.DateField(blank=True, null=True, verbose_name="wanted by")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("open", "To be followed up"),
                            ("drafted", "Became an order"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("closed_reason", models.CharField(blank=True, max_length=200, verbose_name="why closed")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memos",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memo",
                        to="orders.salesorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memos",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer memo",
                "verbose_name_plural": "customer memos",
                "indexes": [
                    models.Index(fields=["-said_at", "-id"], name="memo_newest"),
                    models.Index(fields=["team", "-said_at", "-id"], name="memo_team_newest"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["taken_by", "said_at"],
                        name="memo_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ("phone", "visit"))), name="memo_is_verbal"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "drafted"), _negated=True),
                            ("order__isnull", False),
                            _connector="OR",
                        ),
                        name="memo_drafted_has_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("closed_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="memo_closed_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductionPromise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("promised_on", models.DateField(verbose_name="promised finish")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("digest", models.CharField(max_length=64)),
                ("promised_at", models.DateTimeField(default=core.clock.now, verbose_name="promised at")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promises",
                        to="orders.orderline",
                    ),
                ),
                (
                    "promised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="promised by",
                    ),
                ),
            ],
            options={
                "verbose_name": "production's promise",
                "verbose_name_plural": "production's promises",
                "indexes": [models.Index(fields=["line", "-promised_at"], name="promise_newest")],
            },
        ),
        migrations.CreateModel(
            name="PromiseSlip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="day of delay")),
                ("days", models.PositiveIntegerField(verbose_name="slipped so far, working days")),
                ("at", models.DateTimeField(default=core.clock.now)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slips",
                        to="orders.salesorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "slip of the promise",
                "verbose_name_plural": "slips of the promise",
                "constraints": [models.UniqueConstraint(fields=("order", "on"), name="slip_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="question")),
                ("asked_at", models.DateTimeField(default=core.clock.now, verbose_name="asked at")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back at")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orders.orderline",
                        verbose_name="line",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="orders.salesorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=["order"],
                        name="question_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            models.Q(("answered_by__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="question_answered_by_someone",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "state_since",
                    models.DateTimeField(
                        default=core.clock.now, editable=False, verbose_name="in this state since"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=core.clock.now, editable=False, verbose_name="created at"),
                ),
                ("what", models.TextField(verbose_name="what is tried")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("open", "On trial"), ("passed", "Passed"), ("failed", "Failed")],
                        default="open",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("result", models.TextField(blank=True, verbose_name="result")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="judged by",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="samples",
                        to="orders.orderline",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "sample",
                "verbose_name_plural": "samples",
                "permissions": [("judge_sample", "Can judge samples")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("line",), name="sample_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("judged_by__isnull", False), models.Q(("result", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sample_judged_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TechnicalStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("makeable", models.BooleanField(verbose_name="can be made")),
                (
                    "process_changed",
                    models.BooleanField(default=False, verbose_name="process or formula changed"),
                ),
                ("materials", models.TextField(blank=True, verbose_name="raw materials")),
                ("proposal", models.TextField(blank=True, verbose_name="what we propose instead")),
                ("digest", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField(default=core.clock.now, verbose_name="signed at")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="technical_statements",
                        to="orders.orderline",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
                (
                    "as_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orders.technicalstatement",
                        verbose_name="as stated before",
                    ),
                ),
            ],
            options={
                "verbose_name": "technical statement",
                "verbose_name_plural": "technical statements",
                "indexes": [models.Index(fields=["line", "-signed_at"], name="technical_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("makeable", False), models.Q(("materials", ""), _negated=True), _connector="OR"
                        ),
                        name="technical_states_materials",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("makeable", True), models.Q(("proposal", ""), _negated=True), _connector="OR"
                        ),
                        name="technical_refusal_proposes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("columns", models.JSONField(default=dict)),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="column_mapping",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "column mapping",
                "verbose_name_plural": "column mappings",
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "state_since",
                    models.DateTimeField(
                        default=core.clock.now, editable=False, verbose_name="in this state since"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=core.clock.now, editable=False, verbose_name="created at"),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("head_row", models.PositiveIntegerField(default=1)),
                ("headings", models.JSONField(default=list)),
                ("sample", models.JSONField(default=list)),
                ("mapping", models.JSONField(blank=True, default=list)),
                ("corrections", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("uploaded", "Columns to be named"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("taking", "Being taken in"),
                            ("taken", "Taken in"),
                            ("failed", "Failed"),
                            ("discarded", "Discarded"),
                        ],
                        default="uploaded",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("run", models.PositiveIntegerField(default=0)),
                ("row_count", models.PositiveIntegerField(default=0, verbose_name="lines")),
                ("done_count", models.PositiveIntegerField(default=0)),
                ("order_count", models.PositiveIntegerField(default=0, verbose_name="orders")),
                ("problem_count", models.PositiveIntegerField(default=0)),
                ("problems", models.JSONField(blank=True, default=list)),
                ("known", models.JSONField(blank=True, default=list)),
                ("totals", models.JSONField(blank=True, default=dict)),
                ("made", models.JSONField(blank=True, default=list)),
                ("failure", models.JSONField(blank=True, default=dict)),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken in at")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of orders",
                "verbose_name_plural": "imports of orders",
                "indexes": [
                    models.Index(fields=["uploaded_by", "-created_at", "-id"], name="import_newest"),
                    models.Index(fields=["digest"], name="import_digest"),
                    models.Index(
                        condition=models.Q(("state__in", ("checking", "taking"))),
                        fields=["state_since", "id"],
                        name="import_running",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("customer__isnull", True), ("state", "taken")),
                        fields=("digest",),
                        name="import_taken_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("customer__isnull", False), ("state", "taken")),
                        fields=("digest", "customer"),
                        name="import_taken_once_of_customer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "taken"), _negated=True),
                            models.Q(("problem_count", 0), ("taken_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="import_taken_is_sound",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_count__lte", models.F("row_count"))), name="import_progress"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quotation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "state_since",
                    models.DateTimeField(
                        default=core.clock.now, editable=False, verbose_name="in this state since"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=core.clock.now, editable=False, verbose_name="created at"),
                ),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("issue", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("contact_name", models.CharField(blank=True, max_length=80, verbose_name="contact")),
                (
                    "enquiry",
                    models.CharField(blank=True, max_length=120, verbose_name="the customer's enquiry"),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                (
                    "payment_terms",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("prepaid", "Prepaid"),
                            ("deposit", "Deposit, balance before shipping"),
                            ("on_delivery", "Cash on delivery"),
                            ("credit", "Credit, days from invoice"),
                            ("monthly", "Month-end statement, days after"),
                        ],
                        max_length=12,
                        verbose_name="payment terms",
                    ),
                ),
                (
                    "deposit_percent",
                    models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name="deposit, %"),
                ),
                ("credit_days", models.PositiveIntegerField(default=0, verbose_name="credit days")),
                (
                    "freight",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="freight"),
                ),
                (
                    "freight_bearer",
                    models.CharField(
                        choices=[("customer", "Customer"), ("us", "We")],
                        default="customer",
                        max_length=8,
                        verbose_name="freight borne by",
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("message", models.TextField(blank=True, verbose_name="message to the customer")),
                ("quoted_on", models.DateField(verbose_name="quoted on")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent"),
                            ("ordered", "Ordered"),
                            ("replaced", "Replaced by a newer version"),
                            ("lost", "Lost"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("sent_to", models.EmailField(blank=True, max_length=254, verbose_name="sent to")),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("lost_reason", models.CharField(blank=True, max_length=200, verbose_name="why lost")),
                (
                    "goods_total",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="goods"),
                ),
                (
                    "discount_total",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="discount"),
                ),
                (
                    "tax_total",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="tax"),
                ),
                (
                    "grand_total",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="total"),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotations",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.document",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "memo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotations",
                        to="orders.memo",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sales rep",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last edited by",
                    ),
                ),
            ],
            options={
                "verbose_name": "quotation",
                "verbose_name_plural": "quotations",
                "permissions": [("send_quotation", "Can send quotations")],
                "indexes": [
                    models.Index(fields=["-quoted_on", "-id"], name="quotation_newest"),
                    models.Index(fields=["team", "-quoted_on", "-id"], name="quotation_team_newest"),
                    models.Index(fields=["customer", "-quoted_on"], name="quotation_customer"),
                    models.Index(
                        condition=models.Q(("state", "sent")), fields=["valid_until"], name="quotation_open"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number", "issue"), name="quotation_issue"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "sent", "ordered"))),
                        fields=("number",),
                        name="quotation_one_alive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "grand_total",
                                django.db.models.functions.math.Round(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("goods_total"), "-", models.F("discount_total")
                                        ),
                                        "+",
                                        models.F("freight"),
                                    ),
                                    precision=2,
                                ),
                            )
                        ),
                        name="quotation_total_is_the_sum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("valid_until__isnull", False),
                            _connector="OR",
                        ),
                        name="quotation_sent_has_validity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "lost"), _negated=True),
                            models.Q(("lost_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="quotation_lost_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotationLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("typed", models.CharField(blank=True, max_length=120, verbose_name="as typed")),
                ("specification", models.CharField(blank=True, max_length=200, verbose_name="specification")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name="quantity"),
                ),
                ("unit", models.CharField(blank=True, max_length=12, verbose_name="unit")),
                (
                    "price",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="price"
                    ),
                ),
                (
                    "list_price",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="list price"
                    ),
                ),
                (
                    "agreed_price",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="agreed price"
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=5, verbose_name="discount, %"
                    ),
                ),
                (
                    "tax_rate",
                    models.DecimalField(
                        decimal_places=2, default=13, max_digits=5, verbose_name="tax rate, %"
                    ),
                ),
                (
                    "lead_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="delivery, working days"),
                ),
                (
                    "goods",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="goods"),
                ),
                (
                    "discount",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="discount"),
                ),
                ("tax", models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="tax")),
                (
                    "total",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="total"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "quotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.quotation",
                    ),
                ),
            ],
            options={
                "verbose_name": "quotation line",
                "verbose_name_plural": "quotation lines",
                "ordering": ["quotation_id", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("quotation", "position"), name="quotationline_position"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discount_percent__gte", 0),
                            ("discount_percent__lte", 100),
                            ("quantity__gte", 0),
                            models.Q(("price", None), ("price__gte", 0), _connector="OR"),
                        ),
                        name="quotationline_sane",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total",
                                django.db.models.functions.math.Round(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("goods"), "-", models.F("discount")
                                    ),
                                    precision=2,
                                ),
                            )
                        ),
                        name="quotationline_total_is_the_sum",
                    ),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="orderconfirmation",
            options={
                "permissions": [("answer_confirmation", "Can record the customer's answer")],
                "verbose_name": "order confirmation",
                "verbose_name_plural": "order confirmations",
            },
        ),
        migrations.RemoveConstraint(
            model_name="orderconfirmation",
            name="confirmation_version",
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="answer",
            field=models.TextField(blank=True, verbose_name="answer"),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="answer_file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="answer_mark",
            field=models.CharField(
                blank=True,
                choices=[
                    ("signature", "Signature"),
                    ("seal", "Seal"),
                    ("email", "E-mail reply"),
                    ("fax", "Fax"),
                    ("portal", "Portal click"),
                    ("call", "Recorded call"),
                ],
                max_length=10,
                verbose_name="confirmation mark",
            ),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="answered_by",
            field=models.CharField(blank=True, max_length=80, verbose_name="answered by"),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="created_at",
            field=models.DateTimeField(default=core.clock.now, editable=False, verbose_name="created at"),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.RenameField(
            model_name="orderconfirmation",
            old_name="version",
            new_name="issue",
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="link_ends_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="link is good until"),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("sent", "Sent, not back"),
                    ("confirmed", "Confirmed by the customer"),
                    ("disputed", "Not right, says the customer"),
                    ("superseded", "Replaced by a newer one"),
                ],
                default="sent",
                max_length=50,
                protected=True,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="state_since",
            field=models.DateTimeField(
                default=core.clock.now, editable=False, verbose_name="in this state since"
            ),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="token_hash",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="orderline",
            name="agreed_price",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="agreed price"
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="customer_words",
            field=models.CharField(blank=True, max_length=200, verbose_name="the customer's words"),
        ),
        migrations.AddField(
            model_name="orderline",
            name="first_promised_on",
            field=models.DateField(blank=True, null=True, verbose_name="first promised"),
        ),
        migrations.AddField(
            model_name="orderline",
            name="packaging",
            field=models.CharField(blank=True, max_length=120, verbose_name="packaging"),
        ),
        migrations.AddField(
            model_name="orderline",
            name="tolerance",
            field=models.CharField(blank=True, max_length=60, verbose_name="tolerance"),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="clock_ends_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="to be released or refused by"),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="clock_stopped_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="clock stopped at"),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="clock_warns_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="warns at"),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="confirmed by the customer at"),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="content_key",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="freight_bearer",
            field=models.CharField(
                choices=[("customer", "Customer"), ("us", "We")],
                default="customer",
                max_length=8,
                verbose_name="freight borne by",
            ),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="not_duplicates",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="ship_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.warehouse",
                verbose_name="ship from",
            ),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="standardised_digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="submitted_content",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="sourcedocument",
            name="marked_page",
            field=models.CharField(blank=True, max_length=20, verbose_name="on page"),
        ),
        migrations.AlterField(
            model_name="orderline",
            name="price_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("agreement", "Price agreement"),
                    ("quotation", "Quotation"),
                    ("list", "Price list"),
                    ("typed", "Typed"),
                ],
                max_length=12,
                verbose_name="price from",
            ),
        ),
        migrations.AddIndex(
            model_name="orderconfirmation",
            index=models.Index(
                condition=models.Q(("token_hash", ""), _negated=True),
                fields=["token_hash"],
                name="confirmation_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderconfirmation",
            constraint=models.UniqueConstraint(fields=("order", "issue"), name="confirmation_version"),
        ),
        migrations.AddConstraint(
            model_name="orderconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("confirmed", "disputed")), _negated=True),
                    models.Q(("answered_at__isnull", False), models.Q(("answered_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="confirmation_answered_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "disputed"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="confirmation_dispute_has_words",
            ),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="quotation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="orders.quotation",
                verbose_name="quotation",
            ),
        ),
        migrations.AddIndex(
            model_name="salesorder",
            index=models.Index(
                condition=models.Q(
                    ("clock_ends_at__isnull", False),
                    ("clock_stopped_at__isnull", True),
                    ("state__in", ("submitted", "in_review", "approved")),
                ),
                fields=["clock_ends_at", "id"],
                name="order_clock_runs",
            ),
        ),
        migrations.AddIndex(
            model_name="salesorder",
            index=models.Index(
                condition=models.Q(("confirmed_at__isnull", True), ("state__in", ("approved", "released"))),
                fields=["approved_at", "id"],
                name="order_unanswered",
            ),
        ),
        migrations.AddIndex(
            model_name="salesorder",
            index=models.Index(fields=["customer", "content_key", "-ordered_on"], name="order_content"),
        ),
        migrations.AddIndex(
            model_name="salesorder",
            index=models.Index(fields=["customer", "customer_order_number"], name="order_their_number"),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="clock_round",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="clock_told",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="salesorder",
            index=models.Index(
                condition=models.Q(
                    ("clock_ends_at__isnull", False),
                    ("clock_stopped_at__isnull", True),
                    ("state__in", ("submitted", "in_review", "approved")),
                    ("clock_told", 0),
                ),
                fields=["clock_warns_at", "id"],
                name="order_clock_warns",
            ),
        ),
        migrations.AddField(
            model_name="salesorder",
            name="standard_editors",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddConstraint(
            model_name="salesorder",
            constraint=models.UniqueConstraint(fields=("quotation",), name="order_one_of_its_quotation"),
        ),
    ]
