"""Template tags of the interface: icons, badges, money, dates, links that keep the query, form fields.

They shape what the page shows and decide nothing. Usage: docs/interface.md.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, ClearableFileInput, Select
from django.template.defaultfilters import date as format_date
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.badges import tone_of
from core.showing import in_office
from core.tokens import STATUS_ICONS

register = template.Library()

EMPTY = "–"
CURSOR_PARAMETERS = ("after", "before", "page")
_WITHOUT_MINOR_UNIT = {"JPY", "KRW", "VND"}


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """`{% icon "truck" %}`, size "s" 14 px, else 18 px, "l" 24 px; without a label it is not read out."""
    css = f"icon icon--{size}" if size else "icon"
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@register.simple_tag
def badge(tone: str, label: Any, icon_name: str = "", large: bool = False) -> SafeString:
    """A status as icon, word and colour: `{% badge "approved" _("Approved") %}`."""
    return format_html(
        '<span class="badge{} tone-{}">{}{}</span>',
        " badge--large" if large else "",
        tone,
        icon(icon_name or STATUS_ICONS.get(tone, "edit")),
        label,
    )


@register.simple_tag
def state_badge(subject: Any, field: str = "state", large: bool = False) -> SafeString:
    """The badge of an object's state: `{% state_badge order %}`; the tone comes from core.badges."""
    if subject is None:
        return format_html("{}", EMPTY)
    display = getattr(subject, f"get_{field}_display", None)
    label = display() if display else getattr(subject, field)
    tone = tone_of(subject) if field == "state" else tone_of(None, getattr(subject, field))
    return badge(tone, label, large=large)


@register.simple_tag
def money(amount: Decimal | int | None, currency: str = "") -> SafeString:
    """An amount with currency and minor units, a dash for none: `{% money order.total order.currency %}`."""
    if amount is None or amount == "":
        return format_html('<span class="faint">{}</span>', EMPTY)
    places = 0 if currency in _WITHOUT_MINOR_UNIT else 2
    amount = Decimal(amount)
    shown = format_html('<span class="money__currency">{}</span> ', currency) if currency else ""
    css = "money money--negative" if amount < 0 else "money"
    return format_html('<span class="{}">{}{}</span>', css, shown, f"{amount:,.{places}f}")


@register.simple_tag
def unit_price(price: Decimal | None, currency: str = "") -> SafeString:
    """A price per unit, two decimals, more where it has more: `{% unit_price line.price "CNY" %}`."""
    if price is None or price == "":
        return format_html('<span class="faint">{}</span>', EMPTY)
    price = Decimal(price)
    places = max(2, -int(price.normalize().as_tuple().exponent))
    shown = format_html('<span class="money__currency">{}</span> ', currency) if currency else ""
    return format_html('<span class="money">{}{}</span>', shown, f"{price:,.{places}f}")


@register.simple_tag
def qty(quantity: Decimal | int | None, unit: str = "") -> SafeString:
    """A quantity without trailing zeros, with its unit: `{% qty line.quantity line.unit %}`."""
    if quantity is None or quantity == "":
        return format_html('<span class="faint">{}</span>', EMPTY)
    text = f"{Decimal(quantity):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    shown = format_html(' <span class="qty__unit">{}</span>', unit) if unit else ""
    return format_html('<span class="qty">{}{}</span>', text, shown)


@register.simple_tag
def dt(moment: date | datetime | None, year: bool = False) -> SafeString:
    """A moment as `11-21 10:02` or a day as `11-21` in local time, with the year if it is another one."""
    if not moment:
        return format_html('<span class="faint">{}</span>', EMPTY)
    clock = ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        clock = " H:i"
    same = moment.year == timezone.localdate().year and not year
    shown = format_date(moment, ("m-d" if same else "Y-m-d") + clock)
    title = format_date(moment, "Y-m-d" + clock)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), title, shown)


@register.filter
def duration(span: timedelta | int | None) -> str:
    """A span in words, its two largest parts; a number counts minutes: `{{ step.dwell|duration }}`."""
    if span is None or span == "":
        return EMPTY
    minutes = int(span.total_seconds() // 60) if isinstance(span, timedelta) else int(span)
    if minutes < 1:
        return _("under a minute")
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    words = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        ngettext("%(n)s h", "%(n)s h", hours) % {"n": hours} if hours else "",
        ngettext("%(n)s min", "%(n)s min", minutes) % {"n": minutes} if minutes else "",
    ]
    return " ".join([word for word in words if word][:2])


@register.filter
def acting_for(who: Any, giver: Any = None) -> str:
    """R2.12: "B for A" where B stood in: `{{ step.decided_by|acting_for:step.decided_for }}`."""
    return in_office(who, giver)


@register.filter
def initials(name: Any) -> str:
    """One or two letters for a person: the last Chinese character, or the first letters of two words."""
    text = str(name or "").strip()
    if not text:
        return "?"
    if ord(text[0]) > 0x2E7F:
        return text[-1]
    return "".join(word[0] for word in text.split()[:2]).upper()


@register.simple_tag
def due_chip(due: date | None, done: bool = False) -> SafeString:
    """A due date that says when it is near or past: `{% due_chip line.due_on %}`; `done` keeps it quiet."""
    if not due:
        return format_html('<span class="faint">{}</span>', EMPTY)
    day = timezone.localtime(due).date() if isinstance(due, datetime) else due
    left = (day - timezone.localdate()).days
    if done or left > 3:
        return format_html('<span class="due">{}</span>', dt(due))
    if left < 0:
        words = ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}
        return format_html(
            '<span class="due tone-blocked">{}{} · {}</span>', icon("warning", "s"), dt(due), words
        )
    words = _("today") if left == 0 else ngettext("in %(n)s day", "in %(n)s days", left) % {"n": left}
    return format_html('<span class="due tone-pending">{}{} · {}</span>', icon("clock", "s"), dt(due), words)


@register.simple_tag(takes_context=True)
def query(context: dict, **changes: Any) -> str:
    """The present query string with some parameters replaced (None removes) and the page cursor dropped."""
    return _query(context, changes)


@register.simple_tag(takes_context=True)
def sort_th(context: dict, key: str, label: Any, css: str = "") -> SafeString:
    """A table head that sorts through ?sort=key or ?sort=-key: `{% sort_th "total" label "num" %}`."""
    now = context["request"].GET.get("sort", "") if "request" in context else ""
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    target = f"-{key}" if now == key else key
    sign = {"ascending": "chevron-up", "descending": "chevron-down"}.get(order, "sort")
    aria = format_html(' aria-sort="{}"', order) if order else ""
    return format_html(
        '<th scope="col" class="{}"{}><a class="th-sort" href="{}">{}{}</a></th>',
        css,
        aria,
        _query(context, {"sort": target}),
        label,
        icon(sign),
    )


@register.simple_tag
def colon() -> str:
    """What stands between a label and what it labels: `{% trans "Sample" %}{% colon %}{{ result }}`."""
    return pgettext("after a label", ": ")


@register.simple_tag
def form_key() -> SafeString:
    """The key that lets a form have its effect once (I11)."""
    return format_html('<input type="hidden" name="form_key" value="{}">', uuid.uuid4())


@register.inclusion_tag("includes/form_field.html")
def form_field(field: BoundField, css: str = "", optional: bool = True) -> dict[str, Any]:
    """One field of a form with label, help and errors: `{% form_field form.customer "span-8" %}`."""
    widget = field.field.widget
    return {
        "field": field,
        "css": css,
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": bool(getattr(widget, "use_fieldset", False))
        and not isinstance(widget, Select | ClearableFileInput),
        "is_hidden": field.is_hidden,
        "show_optional": optional and not field.field.required,
    }


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`{{ rows|get:key }}` for dictionaries keyed by a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def words(text: str) -> list[str]:
    """`{% for name in "plus check"|words %}`."""
    return str(text).split()


def _query(context: dict, changes: dict[str, Any]) -> str:
    request = context.get("request")
    parameters = request.GET.copy() if request else None
    if parameters is None:
        return "?"
    for name in CURSOR_PARAMETERS:
        parameters.pop(name, None)
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}"
