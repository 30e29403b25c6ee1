"""The credit ledger refuses UPDATE, DELETE and TRUNCATE (R5.7)."""

from django.db import migrations

from core.audit_triggers import operation


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [operation("customers_creditentry")]
