"""I1, I2: stock is never negative nor over-promised, and every level is its ledger's sum.

Sums are compared to half a thousandth: SQLite adds decimals as floats.
"""

from core.invariants import invariant

invariant(
    "I1",
    "Of what is on hand no more is reserved than there is, and nothing is negative",
    "SELECT id, product_id, warehouse_id, on_hand, reserved FROM inventory_stock "
    "WHERE reserved < 0 OR on_hand < reserved",
)
invariant(
    "I1",
    "What is finished, shipped and cancelled stays within what is required, and nothing is negative",
    "SELECT id, quantity, finished_on_hand, shipped, cancelled FROM inventory_requirement "
    "WHERE finished_on_hand < 0 OR shipped < 0 OR cancelled < 0 "
    "OR quantity - finished_on_hand - shipped - cancelled < -0.0005",
)
invariant(
    "I2",
    "On hand is the sum of the ledger, and its last balance",
    "SELECT stock.id, stock.on_hand, entries.total, entries.rows_kept, stock.last_seq "
    "FROM inventory_stock stock LEFT JOIN (SELECT stock_id, SUM(quantity) AS total, "
    "COUNT(*) AS rows_kept FROM inventory_stockmovement GROUP BY stock_id) entries "
    "ON entries.stock_id = stock.id WHERE ABS(stock.on_hand - COALESCE(entries.total, 0)) > 0.0005 "
    "OR stock.last_seq <> COALESCE(entries.rows_kept, 0)",
)
invariant(
    "I2",
    "Each balance of the stock ledger is the one before and its own movement",
    "SELECT later.id, later.stock_id, later.seq, later.balance FROM inventory_stockmovement later "
    "LEFT JOIN inventory_stockmovement earlier "
    "ON earlier.stock_id = later.stock_id AND earlier.seq = later.seq - 1 "
    "WHERE ABS(later.balance - COALESCE(earlier.balance, 0) - later.quantity) > 0.0005 "
    "OR (later.seq > 1 AND earlier.id IS NULL)",
)
invariant(
    "I2",
    "Reserved is the sum of the reservations",
    "SELECT stock.id, stock.reserved, promised.total FROM inventory_stock stock "
    "LEFT JOIN (SELECT stock_id, SUM(quantity) AS total FROM inventory_reservation GROUP BY stock_id) "
    "promised ON promised.stock_id = stock.id "
    "WHERE ABS(stock.reserved - COALESCE(promised.total, 0)) > 0.0005",
)
invariant(
    "I2",
    "What is finished for a requirement is the sum of its reservations",
    "SELECT required.id, required.finished_on_hand, promised.total FROM inventory_requirement required "
    "LEFT JOIN (SELECT requirement_id, SUM(quantity) AS total FROM inventory_reservation "
    "GROUP BY requirement_id) promised ON promised.requirement_id = required.id "
    "WHERE ABS(required.finished_on_hand - COALESCE(promised.total, 0)) > 0.0005",
)
invariant(
    "I2",
    "What was shipped of a requirement left the shelf by the ledger",
    "SELECT required.id, required.shipped, taken.total FROM inventory_requirement required "
    "LEFT JOIN (SELECT requirement_id, SUM(quantity) AS total FROM inventory_stockmovement "
    "WHERE kind = 'dispatch' GROUP BY requirement_id) taken ON taken.requirement_id = required.id "
    "WHERE ABS(required.shipped + COALESCE(taken.total, 0)) > 0.0005",
)
invariant(
    "I2",
    "What passed and was rejected of a production order is the sum of its inspections",
    "SELECT made.id, made.number, made.passed, made.rejected, seen.passed AS passed_sum "
    "FROM inventory_productionorder made "
    "LEFT JOIN (SELECT production_order_id, SUM(passed) AS passed, SUM(rejected) AS rejected "
    "FROM inventory_inspection GROUP BY production_order_id) seen ON seen.production_order_id = made.id "
    "WHERE ABS(made.passed - COALESCE(seen.passed, 0)) > 0.0005 "
    "OR ABS(made.rejected - COALESCE(seen.rejected, 0)) > 0.0005",
)
invariant(
    "I7",
    "The level told of finished stock is the highest claimed in its cycle",
    "SELECT required.id, required.overdue_level, required.lying_cycle FROM inventory_requirement required "
    "WHERE required.overdue_level > 0 AND NOT EXISTS (SELECT 1 FROM core_escalation told "
    "WHERE told.subject_type = 'inventory.requirement' "
    "AND told.subject_id = CAST(required.id AS VARCHAR(60)) "
    "AND told.level = required.overdue_level AND told.cycle = required.lying_cycle)",
)
