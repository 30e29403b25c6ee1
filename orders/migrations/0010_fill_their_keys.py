"""Give the orders that are there the key by which their customers' order numbers are compared (R1.12)."""

from django.db import migrations

from orders.content import number_key

AT_ONCE = 2000


def fill(apps, schema_editor):
    SalesOrder = apps.get_model("orders", "SalesOrder")
    rows = SalesOrder.objects.exclude(customer_order_number="").filter(their_key="").order_by("pk")
    last = 0
    while some := list(rows.filter(pk__gt=last).only("pk", "customer_order_number")[:AT_ONCE]):
        for order in some:
            order.their_key = number_key(order.customer_order_number)
        SalesOrder.objects.bulk_update(some, ["their_key"])
        last = some[-1].pk


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_their_order_number_key")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
