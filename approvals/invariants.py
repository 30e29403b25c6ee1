"""I5, I9, I13, I14, I17: who decided was allowed to, and what is approved was signed by everybody."""

from core.invariants import invariant

invariant(
    "I9",
    "An approved case has a signature on every step of its round",
    "SELECT one.id, one.reference FROM approvals_case one WHERE one.state = 'approved' AND ("
    "NOT EXISTS (SELECT 1 FROM approvals_step step WHERE step.case_id = one.id AND step.round = one.round) "
    "OR EXISTS (SELECT 1 FROM approvals_step step WHERE step.case_id = one.id AND step.round = one.round "
    "AND step.state <> 'approved'))",
)
invariant(
    "I9",
    "A refused case has a refused step in its round",
    "SELECT one.id, one.reference FROM approvals_case one WHERE one.state = 'refused' AND "
    "NOT EXISTS (SELECT 1 FROM approvals_step step WHERE step.case_id = one.id AND step.round = one.round "
    "AND step.state = 'refused')",
)
invariant(
    "I13",
    "Nobody decided on what they entered, last edited or asked for",
    "SELECT step.id, step.decided_by_id FROM approvals_step step LEFT JOIN approvals_step_barred bar "
    "ON bar.step_id = step.id AND bar.user_id IN (step.decided_by_id, step.decided_for_id) "
    "WHERE step.decided_by_id = step.requester_id OR step.decided_for_id = step.requester_id "
    "OR bar.id IS NOT NULL",
)
invariant(
    "I13",
    "Two levels of one round were signed by two people",
    "SELECT step.id, other.id AS other_id, step.decided_by_id FROM approvals_step step "
    "JOIN approvals_step other ON other.case_id = step.case_id AND other.round = step.round "
    "AND other.level > step.level WHERE step.state = 'approved' AND other.state = 'approved' "
    "AND (step.decided_by_id IN (other.decided_by_id, other.decided_for_id) "
    "OR step.decided_for_id IN (other.decided_by_id, other.decided_for_id))",
)
invariant(
    "I14",
    "A delegated decision fell inside a delegation's span, before it was revoked",
    "SELECT step.id, step.decided_by_id, step.decided_for_id FROM approvals_step step "
    "WHERE step.decided_for_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts_delegation given "
    "WHERE given.giver_id = step.decided_for_id AND given.substitute_id = step.decided_by_id "
    "AND given.starts_at <= step.decided_at AND given.ends_at > step.decided_at "
    "AND (given.revoked_at IS NULL OR given.revoked_at > step.decided_at))",
)
invariant(
    "I14",
    "A delegated decision was of a kind and an amount that the delegation lends",
    "SELECT step.id, step.decided_by_id, step.decided_for_id FROM approvals_step step "
    "JOIN approvals_case one ON one.id = step.case_id AND one.round = step.round "
    "WHERE step.decided_for_id IS NOT NULL AND step.carried_from_id IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM accounts_delegation given "
    "WHERE given.giver_id = step.decided_for_id AND given.substitute_id = step.decided_by_id "
    "AND given.starts_at <= step.decided_at AND given.ends_at > step.decided_at "
    "AND (given.ceiling IS NULL OR COALESCE(one.amount_company, one.amount) <= given.ceiling) "
    "AND (CAST(given.kinds AS TEXT) IN ('[]', 'null') "
    "OR CAST(given.kinds AS TEXT) LIKE '%\"' || step.kind || '\"%'))",
)
invariant(
    "I5",
    "A yes covers exactly what its step asks in its round",
    "SELECT step.id, step.kind, step.round FROM approvals_step step "
    "WHERE step.state = 'approved' AND step.signed_digest <> step.asked_digest",
)
invariant(
    "I5",
    "A yes that was carried over covers what the round asks, as it was signed",
    "SELECT step.id, step.kind, step.round FROM approvals_step step "
    "JOIN approvals_step source ON source.id = step.carried_from_id WHERE step.state = 'approved' "
    "AND (source.state <> 'approved' OR source.signed_digest <> step.asked_digest "
    "OR source.decided_by_id <> step.decided_by_id OR source.kind <> step.kind)",
)
invariant(
    "I5",
    "A condition that is open belongs to a yes",
    "SELECT tied.id, step.state FROM approvals_condition tied "
    "JOIN approvals_step step ON step.id = tied.step_id "
    "WHERE tied.state = 'open' AND step.state <> 'approved'",
)
invariant(
    "I17",
    "Only an open step is granted to a role",
    "SELECT held.id, step.id AS step_id, step.state FROM approvals_stepgrouppermission held "
    "JOIN approvals_step step ON step.id = held.content_object_id WHERE step.state <> 'open'",
)
invariant(
    "I17",
    "Only an open step is granted to a person",
    "SELECT held.id, step.id AS step_id, step.state FROM approvals_stepuserpermission held "
    "JOIN approvals_step step ON step.id = held.content_object_id WHERE step.state <> 'open'",
)
