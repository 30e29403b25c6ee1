from django.urls import URLPattern, URLResolver, path

from customers.views import changes, lists, page, record

app_name = "customers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/", lists.customers, name="customers"),
    path("customers/new/", record.new, name="new"),
    path("customers/<str:code>/", page.customer, name="customer"),
    path("customers/<str:code>/edit/", record.edit, name="edit"),
    path("customers/<str:code>/block/", changes.block, name="block"),
    path("customers/<str:code>/changes/new/", changes.ask, name="ask"),
    path("customers/<str:code>/changes/<int:number>/", changes.change, name="change"),
    path("customers/<str:code>/changes/<int:number>/decide/", changes.decide, name="decide"),
    path("customers/<str:code>/changes/<int:number>/withdraw/", changes.withdraw, name="withdraw"),
]
