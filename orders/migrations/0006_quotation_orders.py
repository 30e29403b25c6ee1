"""Who edited a quotation last; one order of a quotation (R1.14)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_delegation_kinds_and_ceiling"),
        ("approvals", "0003_what_open_steps_are_to_cover"),
        ("customers", "0003_agreements_and_changes"),
        ("inventory", "0002_append_only_movements"),
        ("orders", "0005_standard_editors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="quotation",
            name="edited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="last edited by",
            ),
        ),
        migrations.AddConstraint(
            model_name="salesorder",
            constraint=models.UniqueConstraint(fields=("quotation",), name="order_one_of_its_quotation"),
        ),
    ]
