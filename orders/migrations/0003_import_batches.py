"""Files of orders, and how customers head their columns (R1.13)."""

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_append_only_audit"),
        ("customers", "0003_agreements_and_changes"),
        ("orders", "0002_intake"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            ],
            options={
                "verbose_name": "import of orders",
                "verbose_name_plural": "imports of orders",
            },
        ),
        migrations.AddField(
            model_name="columnmapping",
            name="customer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="column_mapping",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
                verbose_name="file",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="uploaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="imports",
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by",
            ),
        ),
        migrations.AddIndex(
            model_name="importbatch",
            index=models.Index(fields=["uploaded_by", "-created_at", "-id"], name="import_newest"),
        ),
        migrations.AddIndex(
            model_name="importbatch",
            index=models.Index(fields=["digest"], name="import_digest"),
        ),
        migrations.AddIndex(
            model_name="importbatch",
            index=models.Index(
                condition=models.Q(("state__in", ("checking", "taking"))),
                fields=["state_since", "id"],
                name="import_running",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("customer__isnull", True), ("state", "taken")),
                fields=("digest",),
                name="import_taken_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("customer__isnull", False), ("state", "taken")),
                fields=("digest", "customer"),
                name="import_taken_once_of_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "taken"), _negated=True),
                    models.Q(("problem_count", 0), ("taken_at__isnull", False)),
                    _connector="OR",
                ),
                name="import_taken_is_sound",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_count__lte", models.F("row_count"))), name="import_progress"
            ),
        ),
    ]
