"""Intake: memos, questions, quotations, answers to confirmations, feasibility, clocks (section 1)."""

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
        ("approvals", "0001_initial"),
        ("core", "0002_append_only_audit"),
        ("customers", "0002_append_only_entries"),
        ("inventory", "0002_append_only_movements"),
        ("orders", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
            ],
            options={
                "verbose_name": "customer memo",
                "verbose_name_plural": "customer memos",
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
            ],
            options={
                "verbose_name": "production's promise",
                "verbose_name_plural": "production's promises",
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
            ],
            options={
                "verbose_name": "slip of the promise",
                "verbose_name_plural": "slips of the promise",
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
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
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
            ],
            options={
                "verbose_name": "quotation",
                "verbose_name_plural": "quotations",
                "permissions": [("send_quotation", "Can send quotations")],
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
            ],
            options={
                "verbose_name": "quotation line",
                "verbose_name_plural": "quotation lines",
                "ordering": ["quotation_id", "position"],
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
            ],
            options={
                "verbose_name": "sample",
                "verbose_name_plural": "samples",
                "permissions": [("judge_sample", "Can judge samples")],
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
            ],
            options={
                "verbose_name": "technical statement",
                "verbose_name_plural": "technical statements",
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
        migrations.RenameField(model_name="orderconfirmation", old_name="version", new_name="issue"),
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
            model_name="memo",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memos",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="memo",
            name="order",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memo",
                to="orders.salesorder",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="memo",
            name="taken_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memos",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken by",
            ),
        ),
        migrations.AddField(
            model_name="memo",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="productionpromise",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="promises", to="orders.orderline"
            ),
        ),
        migrations.AddField(
            model_name="productionpromise",
            name="promised_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="promised by",
            ),
        ),
        migrations.AddField(
            model_name="promiseslip",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="slips", to="orders.salesorder"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="orders.orderline",
                verbose_name="line",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="orders.salesorder"
            ),
        ),
        migrations.AddField(
            model_name="quotation",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotations",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="quotation",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.document",
            ),
        ),
        migrations.AddField(
            model_name="quotation",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddField(
            model_name="quotation",
            name="memo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotations",
                to="orders.memo",
            ),
        ),
        migrations.AddField(
            model_name="quotation",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="sales rep",
            ),
        ),
        migrations.AddField(
            model_name="quotation",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="team",
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
            model_name="quotationline",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.product",
                verbose_name="product",
            ),
        ),
        migrations.AddField(
            model_name="quotationline",
            name="quotation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="orders.quotation"
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="judged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="judged by",
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="samples", to="orders.orderline"
            ),
        ),
        migrations.AddField(
            model_name="technicalstatement",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="technical_statements",
                to="orders.orderline",
            ),
        ),
        migrations.AddField(
            model_name="technicalstatement",
            name="signed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="signed by",
            ),
        ),
        migrations.AddIndex(
            model_name="memo",
            index=models.Index(fields=["-said_at", "-id"], name="memo_newest"),
        ),
        migrations.AddIndex(
            model_name="memo",
            index=models.Index(fields=["team", "-said_at", "-id"], name="memo_team_newest"),
        ),
        migrations.AddIndex(
            model_name="memo",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["taken_by", "said_at"], name="memo_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="memo",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ("phone", "visit"))), name="memo_is_verbal"
            ),
        ),
        migrations.AddConstraint(
            model_name="memo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "drafted"), _negated=True), ("order__isnull", False), _connector="OR"
                ),
                name="memo_drafted_has_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="memo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(("closed_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="memo_closed_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="productionpromise",
            index=models.Index(fields=["line", "-promised_at"], name="promise_newest"),
        ),
        migrations.AddConstraint(
            model_name="promiseslip",
            constraint=models.UniqueConstraint(fields=("order", "on"), name="slip_once_a_day"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=["order"],
                name="question_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_at__isnull", True),
                    models.Q(("answered_by__isnull", False), models.Q(("answer", ""), _negated=True)),
                    _connector="OR",
                ),
                name="question_answered_by_someone",
            ),
        ),
        migrations.AddIndex(
            model_name="quotation",
            index=models.Index(fields=["-quoted_on", "-id"], name="quotation_newest"),
        ),
        migrations.AddIndex(
            model_name="quotation",
            index=models.Index(fields=["team", "-quoted_on", "-id"], name="quotation_team_newest"),
        ),
        migrations.AddIndex(
            model_name="quotation",
            index=models.Index(fields=["customer", "-quoted_on"], name="quotation_customer"),
        ),
        migrations.AddIndex(
            model_name="quotation",
            index=models.Index(
                condition=models.Q(("state", "sent")), fields=["valid_until"], name="quotation_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.UniqueConstraint(fields=("number", "issue"), name="quotation_issue"),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "sent", "ordered"))),
                fields=("number",),
                name="quotation_one_alive",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent"), _negated=True),
                    ("valid_until__isnull", False),
                    _connector="OR",
                ),
                name="quotation_sent_has_validity",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "lost"), _negated=True),
                    models.Q(("lost_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="quotation_lost_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.UniqueConstraint(
                fields=("quotation", "position"), name="quotationline_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_percent__gte", 0),
                    ("discount_percent__lte", 100),
                    ("quantity__gte", 0),
                    models.Q(("price", None), ("price__gte", 0), _connector="OR"),
                ),
                name="quotationline_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationline",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("line",), name="sample_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"),
                    models.Q(("judged_by__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="sample_judged_by_someone",
            ),
        ),
        migrations.AddIndex(
            model_name="technicalstatement",
            index=models.Index(fields=["line", "-signed_at"], name="technical_newest"),
        ),
        migrations.AddConstraint(
            model_name="technicalstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("makeable", False), models.Q(("materials", ""), _negated=True), _connector="OR"
                ),
                name="technical_states_materials",
            ),
        ),
        migrations.AddConstraint(
            model_name="technicalstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("makeable", True), models.Q(("proposal", ""), _negated=True), _connector="OR"
                ),
                name="technical_refusal_proposes",
            ),
        ),
    ]
