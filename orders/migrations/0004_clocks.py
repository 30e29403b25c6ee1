"""The processing clock: how often it was started, what was told of it (R1.5)."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("approvals", "0001_initial"),
        ("customers", "0003_agreements_and_changes"),
        ("inventory", "0002_append_only_movements"),
        ("orders", "0003_import_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
    ]
