"""Numbers hold what stands in a page's address and in their field, on both databases (R1.4, I6)."""

from django.db import migrations, models
from django.db.models.functions import Length, StrIndex
from django.db.models.lookups import Exact, LessThanOrEqual


def fits(field, name):
    """As core.numbering.fits was when this was written."""
    whole = models.Q(LessThanOrEqual(Length(field), 40)) & models.Q(
        Exact(StrIndex(field, models.Value("/")), 0)
    )
    return models.CheckConstraint(condition=whole, name=name)


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_production_asked_for_its_dates")]

    operations = [
        migrations.AddConstraint(model_name="memo", constraint=fits("number", "memo_number_fits")),
        migrations.AddConstraint(model_name="quotation", constraint=fits("number", "quotation_number_fits")),
        migrations.AddConstraint(model_name="salesorder", constraint=fits("number", "order_number_fits")),
    ]
