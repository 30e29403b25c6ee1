"""The approval inbox: list left, decision right; the decision is posted to the noun's own page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from accounts.duties import CAP, count_together
from approvals.batch import is_clean
from approvals.clocks import with_clocks
from approvals.former import former_step
from approvals.models import Step
from approvals.queries import boxes, step_facts, with_lenders
from approvals.views.record import customer_record, line_supply, order_of
from approvals.views.talk import homeless_words, talk
from core.access import access

PAGE = 50
TABS = {
    "mine": _("Mine"),
    "soon": _("Due soon"),
    "overdue": _("Overdue"),
    "delegated": _("Delegated to me"),
    "decided": _("Decided"),
}


@access("approvals.decide_step", scope=Step.objects.visible_to)
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for this person, by tab (`?show=`); one opened (`?step=`), the first if none is named.

    Who held that step once is told that it is no longer theirs; to others it does not exist.
    """
    try:
        return show(request)
    except Http404:
        former = former_step(_asked(request) or 0, request.user)
        if former is None:
            raise
        return render(request, "approvals/former.html", former, status=403)


def show(
    request: HttpRequest,
    *,
    panel: Any = None,
    chosen: Step | None = None,
    typed: Mapping[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, after a refused verb with its reasons and with what was typed."""
    found = boxes(request.user)
    tab = request.GET.get("show", "mine")
    if tab not in found:
        raise Http404
    page = Paginator(found[tab], PAGE).get_page(request.GET.get("page"))
    steps = list(page.object_list)
    with_lenders(steps, request.user)
    for each in steps:
        each.may_batch = tab == "mine" and is_clean(each)
    chosen = chosen or _chosen(request, steps)
    with_clocks([*steps, chosen] if chosen else steps)
    facts = step_facts(chosen, request.user) if chosen else None
    forms = talk(facts, typed or {})
    order = order_of(chosen) if chosen else None
    context = {
        "steps": steps,
        "page": page,
        "show": tab,
        "tabs": _tabs(found, tab, page),
        "kinds": _kinds(steps),
        "panel": panel,
        "chosen": facts,
        "talk": forms,
        "kept": homeless_words(typed or {}, forms),
        "after": _after(steps, chosen, tab),
        "record": customer_record(chosen.case, order, request.user) if chosen else None,
        "order": order,
        "supply": line_supply(order),
        "one": bool(request.GET.get("step")) or panel is not None or bool(typed),
    }
    return render(request, "approvals/inbox.html", context, status=status)


def _tabs(found: dict[str, Any], tab: str, page: Page) -> list[dict[str, Any]]:
    """Each tab with its count, up to 99; what was decided is not counted."""
    names = [name for name in found if name not in ("decided", tab)]
    counts = dict(zip(names, count_together([(found[name], "") for name in names]), strict=True))
    shown = {name: f"{CAP}+" if count > CAP else count for name, (count, _since) in counts.items()}
    if tab != "decided":
        shown[tab] = f"{CAP}+" if page.paginator.count > CAP else page.paginator.count
    return [
        {"label": label, "url": f"?show={name}", "active": name == tab, "count": shown.get(name, "")}
        for name, label in TABS.items()
    ]


def _kinds(steps: list[Any]) -> list[tuple[str, str, str, list[Any]]]:
    """The clean ones by kind, where there are several: what may be approved at once."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for each in steps:
        if each.may_batch:
            groups.setdefault((each.kind, each.case.kind), []).append(each)
    return [
        (kind, noun, each[0].get_kind_display(), each)
        for (kind, noun), each in groups.items()
        if len(each) > 1
    ]


def _chosen(request: HttpRequest, steps: list[Step]) -> Step | None:
    named = bool(request.GET.get("step"))
    if not named and not steps:
        return None
    wanted = _asked(request) if named else steps[0].pk
    if wanted is None:
        raise Http404
    related = ("case", "case__team", "case__requester", "decided_by", "decided_for", "handed_to")
    found = Step.objects.visible_to(request.user) | Step.objects.filter(decided_by=request.user)
    return get_object_or_404(found.select_related(*related).distinct(), pk=wanted)


def _asked(request: HttpRequest) -> int | None:
    """The step that the address names, if it names one."""
    asked = request.GET.get("step", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


def _after(steps: list[Step], chosen: Step | None, tab: str) -> str:
    """Where to go on after this decision."""
    rest = [step.pk for step in steps if chosen is None or step.pk != chosen.pk]
    if tab == "decided" or not rest:
        return "/approvals/"
    return f"/approvals/?show={tab}&step={rest[0]}" if tab != "mine" else f"/approvals/?step={rest[0]}"
