"""Whether the house stands: for the supervisor and the load balancer."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from core.access import public


@public("supervisors and load balancers ask without an account; it says only up or down")
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "down"}, status=503)
    return JsonResponse({"status": "up"})
