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
    dependencies = [("inventory", "0003_substitutes")]

    operations = [
        migrations.AddConstraint(
            model_name="productionorder", constraint=fits("number", "production_number_fits")
        ),
    ]
