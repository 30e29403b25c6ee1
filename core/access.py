"""Access: every view declares who may open it; what is not declared is closed (R10.2).

`@access("orders.view_salesorder", scope=SalesOrder.objects.visible_to)` opens a view to people with
that permission; `scope` names the queryset through which the view fetches its object, so that what one
may not see answers 404 like what does not exist. `@public("why")` opens it to everyone. A Django system
check walks the URLconf and refuses to start on a pattern without a declaration.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, get_resolver

from core.idempotency import once

SIGNED_IN = "signed-in"
PUBLIC = "public"
READING = ("GET", "HEAD")
#: Packages whose views guard themselves (their own tests and settings say how).
TRUSTED = (
    "allauth.",
    "django.contrib.admin",
    "django.views.static",
    "django.contrib.staticfiles",
    "django.views.i18n",
)


@dataclass(frozen=True)
class Access:
    """A view's declaration: permission (or any of several), scope, methods, and the reason if public."""

    permissions: tuple[str, ...]
    scope: Callable[..., Any] | None
    methods: tuple[str, ...]
    reason: str = ""
    repeatable: str = ""


def access(
    *permissions: str,
    scope: Callable[..., Any] | None = None,
    methods: tuple[str, ...] = READING,
    repeatable: str = "",
) -> Callable[[Callable], Callable]:
    """Open a view to signed-in people who hold any of the permissions (SIGNED_IN: to all of them).

    Methods beyond GET must be named. A POST carries a form key and has its effect once (I11), unless
    `repeatable` gives the reason why repeating it does no harm.
    """
    return functools.partial(_declare, Access(permissions, scope, methods, repeatable=repeatable))


def public(
    reason: str, *, methods: tuple[str, ...] = READING, repeatable: str = ""
) -> Callable[[Callable], Callable]:
    """Open a view to everyone, for a stated reason."""
    return functools.partial(_declare, Access((PUBLIC,), None, methods, reason, repeatable))


def undeclared(resolver: URLResolver | None = None) -> Iterator[str]:
    """The URL patterns whose views declare no access."""
    for route, pattern in _patterns(resolver or get_resolver(), ""):
        view = pattern.callback
        module = getattr(view, "__module__", "") or ""
        if not hasattr(view, "access") and not module.startswith(TRUSTED):
            yield f"{route} ({module}.{getattr(view, '__name__', view)})"


@checks.register(checks.Tags.urls)
def every_url_declares_its_access(app_configs=None, **kwargs):
    """System check: refuse to start on an undeclared pattern."""
    return [
        checks.Error(
            f"{each} declares no access", hint="Decorate it with core.access.access.", id="core.E001"
        )
        for each in undeclared()
    ]


def _declare(declared: Access, view: Callable) -> Callable:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if PUBLIC not in declared.permissions:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not _allowed(request.user, declared.permissions):
                raise PermissionDenied
        if request.method not in declared.methods:
            return HttpResponseNotAllowed(declared.methods)
        if request.method in READING or declared.repeatable:
            return view(request, *args, **kwargs)
        return once(request, lambda: view(request, *args, **kwargs))

    guarded.access = declared  # type: ignore[attr-defined]
    return guarded


def _allowed(user: Any, permissions: tuple[str, ...]) -> bool:
    return SIGNED_IN in permissions or any(user.has_perm(each) for each in permissions)


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver) and each.app_name == "admin":
            continue  # each of its views stands behind the site's own door (staff only)
        if isinstance(each, URLResolver):
            yield from _patterns(each, route)
        else:
            yield route, each
