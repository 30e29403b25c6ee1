from django.urls import URLPattern, URLResolver, path

from customers import views

app_name = "customers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/", views.customers, name="customers"),
    path("customers/new/", views.new, name="new"),
    path("customers/<str:code>/", views.customer, name="customer"),
    path("customers/<str:code>/edit/", views.edit, name="edit"),
    path("customers/<str:code>/block/", views.block, name="block"),
    path("customers/<str:code>/unblock/", views.unblock, name="unblock"),
]
