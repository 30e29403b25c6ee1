"""What always holds of invoices and money (I6, I10, I18)."""

from core.invariants import invariant

invariant(
    "I10",
    "What a receipt has allocated is the sum of its allocations",
    "SELECT receipt.number, receipt.allocated, COALESCE(SUM(part.amount), 0) AS parts "
    "FROM invoicing_receipt receipt LEFT JOIN invoicing_allocation part ON part.receipt_id = receipt.id "
    "GROUP BY receipt.id, receipt.number, receipt.allocated "
    "HAVING ROUND(receipt.allocated - COALESCE(SUM(part.amount), 0), 2) <> 0",
)
invariant(
    "I10",
    "What an invoice has been paid is the sum of its allocations",
    "SELECT invoice.request_number, invoice.paid, COALESCE(SUM(part.amount), 0) AS parts "
    "FROM invoicing_invoice invoice LEFT JOIN invoicing_allocation part ON part.invoice_id = invoice.id "
    "GROUP BY invoice.id, invoice.request_number, invoice.paid "
    "HAVING ROUND(invoice.paid - COALESCE(SUM(part.amount), 0), 2) <> 0",
)
invariant(
    "I10",
    "What an order has been paid is the sum of its allocations",
    "SELECT orders_salesorder.number, orders_salesorder.paid_total, COALESCE(SUM(part.amount), 0) AS parts "
    "FROM orders_salesorder LEFT JOIN invoicing_allocation part ON part.order_id = orders_salesorder.id "
    "GROUP BY orders_salesorder.id, orders_salesorder.number, orders_salesorder.paid_total "
    "HAVING ROUND(orders_salesorder.paid_total - COALESCE(SUM(part.amount), 0), 2) <> 0",
)
invariant(
    "I10",
    "A shipment's confirmed and invoiced values are the sums of its invoices",
    "SELECT shipment.number, shipment.confirmed_value, shipment.invoiced_value "
    "FROM logistics_shipment shipment "
    "LEFT JOIN (SELECT shipment_id, SUM(amount) AS confirmed, "
    "SUM(CASE WHEN state IN ('issued', 'paid') THEN amount ELSE 0 END) AS issued "
    "FROM invoicing_invoice WHERE state <> 'withdrawn' GROUP BY shipment_id) billed "
    "ON billed.shipment_id = shipment.id "
    "WHERE ROUND(shipment.confirmed_value - COALESCE(billed.confirmed, 0), 2) <> 0 "
    "OR ROUND(shipment.invoiced_value - COALESCE(billed.issued, 0), 2) <> 0",
)
invariant(
    "I10",
    "What an order has invoiced is the sum of its issued invoices",
    "SELECT orders_salesorder.number, orders_salesorder.invoiced_total, COALESCE(billed.amount, 0) AS billed "
    "FROM orders_salesorder LEFT JOIN (SELECT order_id, SUM(amount) AS amount FROM invoicing_invoice "
    "WHERE state IN ('issued', 'paid') GROUP BY order_id) billed ON billed.order_id = orders_salesorder.id "
    "WHERE ROUND(orders_salesorder.invoiced_total - COALESCE(billed.amount, 0), 2) <> 0",
)
invariant(
    "I6",
    "Each invoice series has as many numbers as it has counted",
    "SELECT series.name, series.scope, series.last, COUNT(invoice.id) AS issued "
    "FROM core_numberseries series "
    "LEFT JOIN invoicing_invoice invoice "
    "ON invoice.number LIKE REPLACE(series.scope, '{serial}', '%') "
    "AND series.name = 'invoice_' || invoice.kind "
    "WHERE series.name IN ('invoice_special', 'invoice_ordinary') "
    "GROUP BY series.id, series.name, series.scope, series.last HAVING COUNT(invoice.id) <> series.last",
)
invariant(
    "I18",
    "An invoice is the sum of its lines",
    "SELECT invoice.request_number, invoice.amount, SUM(line.total) AS lines FROM invoicing_invoice invoice "
    "JOIN invoicing_invoiceline line ON line.invoice_id = invoice.id "
    "GROUP BY invoice.id, invoice.request_number, invoice.amount, invoice.tax "
    "HAVING ROUND(invoice.amount - SUM(line.total), 2) <> 0 OR ROUND(invoice.tax - SUM(line.tax), 2) <> 0",
)
