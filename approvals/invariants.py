"""I9, I13, I14, I17: who decided was allowed to, and what is approved was signed by everybody."""

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
