"""Middleware: names the page in the audit trail and starts each request with fresh parameters."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from core.audit import acting_from
from core.parameters import reset_cache


class RequestSource:
    """Audit entries made during a request name its method, path and request id (R10.1)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reset_cache()
        known = structlog.contextvars.get_contextvars()
        with acting_from(f"{request.method} {request.path}", str(known.get("request_id", ""))):
            return self.get_response(request)
