"""What must hold of orders, whatever happens."""

from core.invariants import invariant

invariant(
    "I3",
    "Per order line, shipped is the sum of the dispatched shipment lines that name it",
    "SELECT line.id, line.shipped, COALESCE(gone.quantity, 0) AS dispatched FROM orders_orderline line "
    "LEFT JOIN (SELECT part.order_line_id, SUM(part.quantity) AS quantity FROM logistics_shipmentline part "
    "JOIN logistics_shipment trip ON trip.id = part.shipment_id "
    "WHERE trip.state IN ('dispatched', 'delivered') GROUP BY part.order_line_id) gone "
    "ON gone.order_line_id = line.id WHERE ABS(line.shipped - COALESCE(gone.quantity, 0)) > 0.0005",
)
invariant(
    "I3",
    "A released order's line and its requirement tell the same",
    "SELECT line.id, line.quantity, line.shipped, need.quantity AS required, need.shipped AS gone "
    "FROM orders_orderline line JOIN inventory_requirement need ON need.id = line.requirement_id "
    "WHERE line.quantity <> need.quantity OR line.shipped <> need.shipped "
    "OR line.cancelled <> need.cancelled",
)
invariant(
    "I18",
    "An order's totals are the sums of its lines, and the total is goods less discount plus freight",
    "SELECT head.id, head.number, head.goods_total, head.discount_total, head.tax_total, head.grand_total "
    "FROM orders_salesorder head LEFT JOIN (SELECT order_id, SUM(goods) AS goods, SUM(discount) AS discount, "
    "SUM(tax) AS tax FROM orders_orderline GROUP BY order_id) body ON body.order_id = head.id "
    "WHERE ABS(head.goods_total - COALESCE(body.goods, 0)) > 0.0005 "
    "OR ABS(head.discount_total - COALESCE(body.discount, 0)) > 0.0005 "
    "OR ABS(head.tax_total - COALESCE(body.tax, 0)) > 0.0005 "
    "OR ABS(head.grand_total - (head.goods_total - head.discount_total + head.freight)) > 0.0005",
)
invariant(
    "I9",
    "An order past its review stands on a case that approved it",
    "SELECT head.id, head.number, head.state FROM orders_salesorder head "
    "LEFT JOIN approvals_case kept ON kept.id = head.case_id "
    "WHERE head.state IN ('approved', 'released', 'settled') "
    "AND (kept.id IS NULL OR kept.state <> 'approved')",
)
invariant(
    "I18",
    "A quotation's totals are the sums of its lines, and the total is goods less discount plus freight",
    "SELECT head.id, head.number, head.issue, head.goods_total, head.discount_total, head.grand_total "
    "FROM orders_quotation head LEFT JOIN (SELECT quotation_id, SUM(goods) AS goods, "
    "SUM(discount) AS discount, SUM(tax) AS tax FROM orders_quotationline GROUP BY quotation_id) body "
    "ON body.quotation_id = head.id "
    "WHERE ABS(head.goods_total - COALESCE(body.goods, 0)) > 0.0005 "
    "OR ABS(head.discount_total - COALESCE(body.discount, 0)) > 0.0005 "
    "OR ABS(head.tax_total - COALESCE(body.tax, 0)) > 0.0005 "
    "OR ABS(head.grand_total - (head.goods_total - head.discount_total + head.freight)) > 0.0005",
)
invariant(
    "I18",
    "A quotation is ordered exactly when one order stands on it",
    "SELECT head.id, head.number, head.issue, head.state, COUNT(made.id) AS orders "
    "FROM orders_quotation head LEFT JOIN orders_salesorder made ON made.quotation_id = head.id "
    "AND (made.state <> 'cancelled' OR made.approved_at IS NOT NULL) "
    "GROUP BY head.id, head.number, head.issue, head.state "
    "HAVING COUNT(made.id) <> CASE WHEN head.state = 'ordered' THEN 1 ELSE 0 END",
)
invariant(
    "I4",
    "An order that is under review or counted is in the currency of its customer's account",
    "SELECT head.id, head.number, head.currency, buyer.currency AS account FROM orders_salesorder head "
    "JOIN customers_customer buyer ON buyer.id = head.customer_id "
    "WHERE head.state IN ('submitted', 'in_review', 'approved', 'released') "
    "AND head.currency <> buyer.currency",
)
invariant(
    "I4",
    "What an approval committed was covered: by the order's terms, by the limit of its moment, or by a yes",
    "SELECT entry.id, entry.order_number, entry.reached, entry.approval FROM ("
    "SELECT id, order_number, document, ordered, approval, "
    "SUM(ordered + shipped + invoiced - received) OVER (PARTITION BY account_id ORDER BY seq) AS reached, "
    "ROW_NUMBER() OVER (PARTITION BY order_number, CASE WHEN ordered > 0 THEN 1 ELSE 0 END "
    "ORDER BY seq DESC) AS newest FROM customers_creditentry) entry "
    "JOIN orders_salesorder head ON head.number = entry.order_number AND head.number = entry.document "
    "LEFT JOIN approvals_step step ON step.case_id = head.case_id AND step.state = 'approved' "
    "AND entry.approval LIKE '%#' || CAST(step.id AS TEXT) "
    "WHERE entry.ordered > 0 AND entry.newest = 1 AND head.state IN ('approved', 'released', 'settled') "
    "AND 0 = CASE WHEN entry.approval LIKE 'R6.8 %' AND head.payment_terms IN ('prepaid', 'deposit') THEN 1 "
    "WHEN entry.approval LIKE 'R5.3 %' AND head.payment_terms = 'on_delivery' THEN 1 "
    "WHEN entry.approval LIKE 'R2.6 ≤ %' "
    "AND entry.reached <= CAST(SUBSTR(entry.approval, 8) AS NUMERIC) + 0.005 THEN 1 "
    "WHEN step.ceiling >= entry.reached - 0.005 THEN 1 "
    # a posting from before covers were named: the case and its round, no more
    "WHEN entry.approval LIKE head.number || '/%' AND entry.approval NOT LIKE '%#%' THEN 1 ELSE 0 END",
)
