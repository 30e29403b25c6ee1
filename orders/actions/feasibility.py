"""Technical confirmation and samples, line by line, by name (R2.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.inbox import notify
from accounts.models import User
from approvals.gates import APPROVE_STEP
from approvals.states import StepKind
from core.audit import record
from core.locks import lock
from core.rules import Blocked, Reason, Stale
from core.transitions import bump_version
from customers.actions import lock_credit_account
from orders.actions.review import decide_order
from orders.feasible import (
    is_proven,
    lines_to_state,
    making_digest,
    sample_on_trial,
    statement_of,
    with_words,
)
from orders.gates import feasibility as gates
from orders.models import OrderLine, SalesOrder, Sample, TechnicalStatement
from orders.queries import reread


@dataclass(frozen=True)
class Stated:
    """What technical says of one line; `as_for` is the earlier statement whose words are taken over."""

    makeable: bool
    materials: str = ""
    process_changed: bool = False
    trial: str = ""
    proposal: str = ""
    as_for: int | None = None


@transaction.atomic
def confirm_technical(
    order: SalesOrder, *, statements: Mapping[int, Stated], digest: str, actor: User
) -> SalesOrder:
    """Sign the lines that are made to order, by line id, and decide technical's step accordingly (R2.8).

    Every line makeable: the step says yes. One not makeable: the order returns with the proposals. A changed
    process opens a sample first; the step waits for its result. Who may decide the step may sign. Raises
    Blocked with every reason, Stale when the content is another one than was shown.
    """
    lock_credit_account(order.customer_id)
    order = asked(order, digest)
    step = gates.open_step(order, StepKind.TECHNICAL)
    lines = {line.pk: line for line in lines_to_state(order)}
    reasons = gates.technical_is_asked.broken(order) + shut(step, actor)
    reasons += gates.statements_are_about_its_lines.broken(order, statements)
    known = {pk: said for pk, said in statements.items() if pk in lines}
    for pk, said in known.items():
        for each in (gates.materials_are_stated, gates.refusal_proposes, gates.change_names_its_trial):
            reasons += each.broken(lines[pk], said)
    if reasons:
        raise Blocked(reasons)
    _sign([(lines[pk], said) for pk, said in known.items()], actor)
    _open_samples([(lines[pk], said) for pk, said in known.items()], actor)
    return _decide_technical(order.pk, step.pk, digest, actor)


@transaction.atomic
def pass_sample(sample: Sample, *, result: str, actor: User) -> Sample:
    """The sample came out as wanted; the line's statement counts, and technical can say yes (R2.8)."""
    sample = _locked(sample)
    _judgeable(gates.PASS_SAMPLE, sample, actor, gates.result_is_written.broken(result))
    sample.come_out(actor=actor, result=result.strip())
    _judged("sample.passed", sample, actor)
    tell_owner(sample.line.order, "sample_passed", key=f"sample:{sample.pk}", line=str(sample.line.position))
    return sample


@transaction.atomic
def fail_sample(sample: Sample, *, result: str, proposal: str, actor: User) -> Sample:
    """The sample did not come out: the line cannot be made so, and the order returns with a proposal (R2.8).

    Where technical's step no longer waits, the statement is kept for the next round.
    """
    lock_credit_account(sample.line.order.customer_id)
    sample = _locked(sample)
    missing = gates.result_is_written.broken(result) + gates.failure_proposes.broken(proposal)
    _judgeable(gates.FAIL_SAMPLE, sample, actor, missing)
    sample.fail(actor=actor, result=result.strip())
    _judged("sample.failed", sample, actor)
    order = with_words(reread(sample.line.order_id))
    line = next(each for each in order.lines.all() if each.pk == sample.line_id)
    if sample.digest != making_digest(line):
        return sample
    _sign([(line, Stated(makeable=False, proposal=proposal))], actor)
    step = gates.open_step(order, StepKind.TECHNICAL)
    if step is not None:
        _decide_technical(order.pk, step.pk, order.case.digest, actor)
    return sample


def asked(order: SalesOrder, digest: str) -> SalesOrder:
    """The order as it is now, if it is what was shown; raises Stale."""
    order = with_words(reread(order.pk))
    if order.case is not None and order.case.digest != digest:
        raise Stale(order)
    return order


def shut(step: Any, actor: User) -> list[Reason]:
    """Who may decide the step may sign its lines, themselves or for whom they stand in (R2.10, R2.12)."""
    return [] if step is None else APPROVE_STEP.reasons(step, actor)


def _sign(stated: Iterable[tuple[OrderLine, Stated]], actor: User) -> None:
    stated = list(stated)
    rows = TechnicalStatement.objects.bulk_create(
        TechnicalStatement(
            line=line,
            makeable=said.makeable,
            process_changed=said.makeable and said.process_changed,
            materials=said.materials.strip(),
            proposal="" if said.makeable else said.proposal.strip(),
            as_for_id=said.as_for,
            digest=making_digest(line),
            signed_by=actor,
        )
        for line, said in stated
    )
    if not rows:
        return
    order = rows[0].line.order
    record(
        "order.technical_signed",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        lines=", ".join(str(each.line.position) for each in rows),
        statements={
            str(each.line.position): {
                "makeable": each.makeable,
                "process_changed": each.process_changed,
                "materials": each.materials,
                "proposal": each.proposal,
                "digest": each.digest,
            }
            for each in rows
        },
    )


def _open_samples(stated: Iterable[tuple[OrderLine, Stated]], actor: User) -> None:
    """A changed process is tried first. A trial that runs already goes on for what the line asks for now."""
    changed = [
        (line, said)
        for line, said in stated
        if said.makeable and said.process_changed and not is_proven(line)
    ]
    running = [(line, trial, said) for line, said in changed if (trial := sample_on_trial(line)) is not None]
    for line, trial, said in running:
        trial.digest, trial.what = making_digest(line), said.trial.strip() or trial.what
    Sample._base_manager.bulk_update([trial for _line, trial, _said in running], ["digest", "what"])
    busy = {line.pk for line, _trial, _said in running}
    new = Sample.objects.bulk_create(
        Sample(line=line, what=said.trial.strip(), digest=making_digest(line), asked_by=actor)
        for line, said in changed
        if line.pk not in busy
    )
    if new:
        order = new[0].line.order
        record(
            "sample.opened",
            thread=order.thread,
            actor=actor,
            subject=order.number,
            lines=", ".join(str(each.line.position) for each in new),
            what={str(each.line.position): each.what for each in new},
        )
        tell_owner(order, "sample_opened", key=f"samples:{new[0].pk}", lines=str(len(new)))


def _decide_technical(order_pk: int, step_pk: int, digest: str, actor: User) -> SalesOrder:
    """No when a line cannot be made, yes when all rules hold; else it waits for what is missing."""
    order = with_words(reread(order_pk))
    refused = [
        (line, said)
        for line in lines_to_state(order)
        if (said := statement_of(line)) is not None and not said.makeable
    ]
    if refused:
        reason = "\n".join(f"{line.position} {line.product.code}: {said.proposal}" for line, said in refused)
        return decide_order(order, step_id=step_pk, approve=False, digest=digest, actor=actor, reason=reason)
    missing = gates.unfounded(order, StepKind.TECHNICAL, approve=True)
    if not missing:
        return decide_order(order, step_id=step_pk, approve=True, digest=digest, actor=actor)
    if any(reason.key != gates.samples_have_passed.key for reason in missing):
        raise Blocked(missing)
    return order


def _locked(sample: Sample) -> Sample:
    """The sample read again under its lock, its order locked before it."""
    reread(sample.line.order_id)
    return lock(Sample, sample.pk, "line__order__owner", "line__order__customer", "line__product")


def _judgeable(gate: Any, sample: Sample, actor: User, missing: list[Reason]) -> None:
    if missing:
        raise Blocked([*gate.reasons(sample, actor), *missing])


def _judged(verb: str, sample: Sample, actor: User) -> None:
    bump_version(sample)
    sample.save(update_fields=["state", "state_since", "judged_by", "result"])
    order = sample.line.order
    record(
        verb,
        thread=order.thread,
        actor=actor,
        subject=order.number,
        reason=sample.result,
        line=sample.line.position,
        what=sample.what,
    )


def tell_owner(order: SalesOrder, kind: str, *, key: str, **facts: str) -> None:
    notify(
        order.owner,
        kind,
        key=f"{key}:{kind}",
        link=order.get_absolute_url(),
        order=order.number,
        customer=order.customer.name,
        **facts,
    )
