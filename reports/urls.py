"""Addresses of reports."""

from django.urls import URLPattern, URLResolver, path

from reports import views

app_name = "reports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/weekly/", views.weekly, name="weekly"),
    path("reports/weekly/<str:week>/freeze/", views.freeze, name="freeze"),
    path("reports/weekly/<str:week>/pdf/", views.pdf, name="weekly_pdf"),
]
