"""Every bad cell of a file is kept, a row each; headings are remembered by layout (R1.13)."""

import django.db.models.deletion
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_agreements_and_changes"), ("orders", "0012_numbers_fit")]

    operations = [
        migrations.RemoveField(model_name="importbatch", name="problems"),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("column", models.CharField(max_length=40)),
                ("typed", models.TextField(blank=True)),
                ("words", models.JSONField(default=dict)),
                ("offers", models.JSONField(default=list)),
                ("cells", models.JSONField(default=list)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="found",
                        to="orders.importbatch",
                    ),
                ),
            ],
            options={
                "verbose_name": "bad cell",
                "verbose_name_plural": "bad cells",
                "ordering": ("id",),
                "indexes": [models.Index(fields=["batch", "id"], name="problem_of_batch")],
            },
        ),
        migrations.AddField(
            model_name="importbatch",
            name="left_out",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="is_source",
            field=models.BooleanField(default=False, verbose_name="the customer’s own order"),
        ),
        migrations.AddField(
            model_name="importbatch", name="stage", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="importbatch", name="hidden_count", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(is_source=False) | models.Q(customer__isnull=False),
                name="import_source_has_customer",
            ),
        ),
        migrations.AlterField(
            model_name="columnmapping",
            name="customer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="column_mappings",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="columnmapping",
            name="layout",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="columnmapping",
            name="named_at",
            field=models.DateTimeField(default=core.clock.now),
        ),
        migrations.AddConstraint(
            model_name="columnmapping",
            constraint=models.UniqueConstraint(
                condition=models.Q(customer__isnull=False),
                fields=("customer", "layout"),
                name="mapping_once_of_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="columnmapping",
            constraint=models.UniqueConstraint(
                condition=models.Q(customer__isnull=True), fields=("layout",), name="mapping_once_of_layout"
            ),
        ),
    ]
