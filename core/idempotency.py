"""A form submitted twice has its effect once and shows the first result (I11).

The form's key is inserted in the transaction of its effect, so a crash between the two loses both; a
second submission waits on the unique key (or, on SQLite, for the write lock) and is answered with the
first one's redirect. The same key with other content is refused.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.models import FormSubmission

_IGNORED = {"csrfmiddlewaretoken", "form_key"}


class Reused(Exception):
    """A form's key came before, from somebody else or with other content."""


class _Undo(Exception):
    """Carries a refusal out of the transaction, so that nothing stays behind, the key included."""

    def __init__(self, response: HttpResponse):
        self.response = response


def once(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Run the view's effect at most once for the key that its form carries."""
    try:
        key = uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        return _refuse(request, 400, _("This form is out of date. Open the page again and repeat your step."))
    try:
        with transaction.atomic():
            return _first(request, key, view)
    except _Undo as undone:
        return undone.response
    except _Taken:
        return _repeat(request, key)


def effect_once(request: HttpRequest, effect: Callable[[], str], *, content: str = "") -> tuple[str, bool]:
    """Have an effect once for the form's key, where a view answers with a page: outcome, whether it is new.

    The outcome is kept as text and given again to whoever repeats the form. Without a key the effect is had
    each time. Raises Reused when the key came before with other content.
    """
    try:
        key = uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        return effect(), True
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    said = {"person_id": request.user.pk, "path": request.path[:300], "digest": digest}
    with transaction.atomic():
        try:
            with transaction.atomic():
                taken = FormSubmission.objects.create(key=key, **said)
        except IntegrityError:
            first = FormSubmission.objects.filter(key=key, **said).first()
            if first is None:
                raise Reused from None
            return first.location, False
        outcome = effect()
        FormSubmission.objects.filter(pk=taken.pk).update(location=outcome[:500])
    return outcome, True


class _Taken(Exception):
    """The key was used before."""


def _first(request: HttpRequest, key: uuid.UUID, view: Callable[[], HttpResponse]) -> HttpResponse:
    person = request.user if request.user.is_authenticated else None
    try:
        with transaction.atomic():
            taken = FormSubmission.objects.create(
                key=key, person=person, path=request.path[:300], digest=_digest(request)
            )
    except IntegrityError:
        raise _Taken from None
    response = view()
    if response.status_code >= 400 or not isinstance(response, HttpResponseRedirect):
        raise _Undo(response)
    FormSubmission.objects.filter(pk=taken.pk).update(location=response.url[:500])
    return response


def _repeat(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    first = FormSubmission.objects.filter(key=key).first()
    person = request.user.pk if request.user.is_authenticated else None
    same = first and (first.person_id, first.path, first.digest) == (
        person,
        request.path[:300],
        _digest(request),
    )
    if first is None or not same or not first.location:
        return _refuse(request, 409, _("This form was sent before with other content. Nothing was changed."))
    messages.info(request, _("This was already done; here is the result."))
    return HttpResponseRedirect(first.location)


def _digest(request: HttpRequest) -> str:
    found = hashlib.sha256()
    for name in sorted(set(request.POST) - _IGNORED):
        found.update(repr((name, request.POST.getlist(name))).encode("utf-8", "surrogatepass"))
    for name in sorted(request.FILES):
        files = [(each.name, each.size) for each in request.FILES.getlist(name)]
        found.update(repr((name, files)).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _refuse(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return render(request, f"{status}.html", {"sentence": sentence}, status=status)
