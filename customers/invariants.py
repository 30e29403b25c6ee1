"""I2, I4: the credit account's parts are the sums of its entries, and none is negative."""

from core.invariants import invariant

_PARTS = ("ordered", "released", "shipped", "invoiced", "received")
_SUMS = ", ".join(f"SUM({part}) AS {part}" for part in _PARTS)
_DIFFERS = " OR ".join(f"ABS(account.{part} - COALESCE(posted.{part}, 0)) > 0.005" for part in _PARTS)

invariant(
    "I4",
    "No part of an exposure is negative, and what is released was ordered",
    "SELECT customer_id, ordered, released, shipped, invoiced, received FROM customers_creditaccount "
    "WHERE released < 0 OR ordered < released OR shipped < 0 OR invoiced < 0 OR received < 0",
)
invariant(
    "I4",
    "Each part of an exposure is the sum of its entries",
    "SELECT account.customer_id, account.last_seq FROM customers_creditaccount account "  # noqa: S608 - constants
    f"LEFT JOIN (SELECT account_id, COUNT(*) AS rows_kept, {_SUMS} FROM customers_creditentry "
    "GROUP BY account_id) posted ON posted.account_id = account.customer_id "
    f"WHERE {_DIFFERS} OR account.last_seq <> COALESCE(posted.rows_kept, 0)",
)
invariant(
    "I4",
    "Each entry's exposure is the one before and its own changes",
    "SELECT later.id, later.account_id, later.seq, later.exposure FROM customers_creditentry later "
    "LEFT JOIN customers_creditentry earlier "
    "ON earlier.account_id = later.account_id AND earlier.seq = later.seq - 1 "
    "WHERE ABS(later.exposure - COALESCE(earlier.exposure, 0) "
    "- later.released - later.shipped - later.invoiced + later.received) > 0.005 "
    "OR (later.seq > 1 AND earlier.id IS NULL)",
)
invariant(
    "I4",
    "Money received for an order is never negative",
    "SELECT account_id, order_number, SUM(paid) AS paid FROM customers_creditentry "
    "GROUP BY account_id, order_number HAVING SUM(paid) < -0.005",
)

invariant(
    "I13",
    "What changed of a customer's class, credit, terms or block was signed by two people",
    "SELECT changed.id, COUNT(DISTINCT step.decided_by_id) AS people FROM customers_customerchange changed "
    "LEFT JOIN approvals_step step ON step.case_id = changed.case_id AND step.state = 'approved' "
    "WHERE changed.state = 'applied' AND changed.kind <> 'prices' GROUP BY changed.id "
    "HAVING COUNT(DISTINCT step.decided_by_id) < 2",
)
invariant(
    "I13",
    "Nobody decided on a change of a customer that they asked for",
    "SELECT changed.id, step.decided_by_id FROM customers_customerchange changed "
    "JOIN approvals_step step ON step.case_id = changed.case_id "
    "WHERE step.decided_by_id = changed.asked_by_id",
)
invariant(
    "I13",
    "A price that waited for a second yes holds only with that of another than who entered it",
    "SELECT agreed.id, agreed.change_id FROM customers_priceagreement agreed "
    "JOIN customers_customerchange changed ON changed.id = agreed.change_id "
    "WHERE changed.state <> 'applied' OR changed.kind <> 'prices' OR NOT EXISTS ("
    "SELECT 1 FROM approvals_step step WHERE step.case_id = changed.case_id AND step.state = 'approved' "
    "AND step.decided_by_id <> agreed.entered_by_id)",
)
