"""Addresses of shipments."""

from django.urls import URLPattern, URLResolver, path

from logistics.views import lists, verbs

app_name = "logistics"

urlpatterns: list[URLPattern | URLResolver] = [
    path("shipments/", lists.shipments, name="shipments"),
    path("shipments/<str:number>/", verbs.shipment, name="shipment"),
    path("shipments/<str:number>/decide/", verbs.decide, name="decide"),
    path("shipments/<str:number>/release/", verbs.release, name="release"),
    path("shipments/<str:number>/pick/", verbs.pick, name="pick"),
    path("shipments/<str:number>/pack/", verbs.pack, name="pack"),
    path("shipments/<str:number>/dispatch/", verbs.dispatch, name="dispatch"),
    path("shipments/<str:number>/deliver/", verbs.deliver, name="deliver"),
    path("shipments/<str:number>/cancel/", verbs.cancel, name="cancel"),
    path("shipments/<str:number>/request-again/", verbs.request_again, name="request_again"),
    path("shipments/<str:number>/delivery-note/", verbs.delivery_note, name="delivery_note"),
    path("shipments/<str:number>/receipt/", verbs.receipt, name="receipt"),
    path("orders/<str:number>/ship/", verbs.request_of_order, name="request"),
    path("warehouse/", lists.warehouse, name="warehouse"),
]
