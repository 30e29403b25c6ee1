"""The ground floor's pages."""

from django.urls import URLPattern, URLResolver, path

from core.views.audit import audit
from core.views.calendar import calendar, calendar_day, calendar_seed
from core.views.health import health
from core.views.lists import view_delete, view_save
from core.views.outbox import outbox, outbox_requeue
from core.views.parameters import parameter_page, parameters
from core.views.rates import rates, rates_paste
from core.views.styleguide import styleguide

app_name = "core"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="health"),
    path("styleguide/", styleguide, name="styleguide"),
    path("settings/parameters/", parameters, name="parameters"),
    path("settings/parameters/<str:key>/", parameter_page, name="parameter"),
    path("settings/rates/", rates, name="rates"),
    path("settings/rates/paste/", rates_paste, name="rates_paste"),
    path("settings/calendar/", calendar, name="calendar"),
    path("settings/calendar/<int:year>/", calendar, name="calendar_year"),
    path("settings/calendar/<int:year>/seed/", calendar_seed, name="calendar_seed"),
    path("settings/calendar/<int:year>/<int:month>/<int:day>/", calendar_day, name="calendar_day"),
    path("settings/audit/", audit, name="audit"),
    path("settings/outbox/", outbox, name="outbox"),
    path("settings/outbox/<int:pk>/requeue/", outbox_requeue, name="outbox_requeue"),
    path("views/<slug:list_name>/save/", view_save, name="save_view"),
    path("views/<int:pk>/delete/", view_delete, name="delete_view"),
]
