"""What always holds of shipments (docs of the invariants: I3, I4, I9)."""

from core.invariants import invariant

invariant(
    "I3",
    "What an order line has shipped is the sum of the shipment lines that left",
    "SELECT orders_orderline.id, orders_orderline.shipped, COALESCE(left_house.quantity, 0) AS left_house "
    "FROM orders_orderline LEFT JOIN (SELECT line.order_line_id AS id, SUM(line.quantity) AS quantity "
    "FROM logistics_shipmentline line JOIN logistics_shipment shipment ON shipment.id = line.shipment_id "
    "WHERE shipment.state IN ('dispatched', 'delivered') GROUP BY line.order_line_id) left_house "
    "ON left_house.id = orders_orderline.id "
    "WHERE ROUND(orders_orderline.shipped - COALESCE(left_house.quantity, 0), 3) <> 0",
)
invariant(
    "I3",
    "What an order has shipped is the value of its shipments that left",
    "SELECT orders_salesorder.number, orders_salesorder.shipped_total, COALESCE(left_house.value, 0) AS gone "
    "FROM orders_salesorder LEFT JOIN (SELECT order_id, SUM(goods_value + freight) AS value "
    "FROM logistics_shipment WHERE state IN ('dispatched', 'delivered') GROUP BY order_id) left_house "
    "ON left_house.order_id = orders_salesorder.id "
    "WHERE ROUND(orders_salesorder.shipped_total - COALESCE(left_house.value, 0), 2) <> 0",
)
invariant(
    "I18",
    "A shipment's goods value is the sum of its lines",
    "SELECT shipment.number, shipment.goods_value, SUM(line.goods_value) AS lines "
    "FROM logistics_shipment shipment JOIN logistics_shipmentline line ON line.shipment_id = shipment.id "
    "GROUP BY shipment.id, shipment.number, shipment.goods_value "
    "HAVING ROUND(shipment.goods_value - SUM(line.goods_value), 2) <> 0",
)
invariant(
    "I4",
    "A release names what covers the exposure: the limit of its moment, the order's money, or an approval",
    "SELECT entry.account_id, entry.seq, entry.document, entry.exposure FROM customers_creditentry entry "
    "WHERE entry.released > 0 AND entry.approval = ''",
)
invariant(
    "I9",
    "A shipment that may leave was released in a case that said yes",
    "SELECT shipment.number, shipment.state FROM logistics_shipment shipment "
    "LEFT JOIN approvals_case kept ON kept.id = shipment.case_id "
    "WHERE shipment.state IN ('released', 'picked', 'packed', 'dispatched', 'delivered') "
    "AND (kept.id IS NULL OR kept.state <> 'approved' OR shipment.released_at IS NULL)",
)
