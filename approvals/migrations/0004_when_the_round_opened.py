"""A case knows when its present round opened: orders are told by it, however long ago their first round was."""

from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [("approvals", "0003_what_open_steps_are_to_cover")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_of_a_time"),
        migrations.AddField(
            model_name="case",
            name="opened_at",
            field=models.DateTimeField(default=core.clock.now, verbose_name="the round opened at"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["kind", "-opened_at", "-id"], name="case_round_of_a_time"),
        ),
    ]
