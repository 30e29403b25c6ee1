"""Addresses of invoices and money."""

from django.urls import URLPattern, URLResolver, path

from invoicing.views import invoices, queues, receipts

app_name = "invoicing"

urlpatterns: list[URLPattern | URLResolver] = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/<str:number>/", invoices.invoice, name="invoice"),
    path("invoices/<str:number>/issue/", invoices.issue, name="issue"),
    path("invoices/<str:number>/withdraw/", invoices.withdraw, name="withdraw"),
    path("invoices/<str:number>/paper/", invoices.paper, name="paper"),
    path("shipments/<str:number>/invoice/", invoices.confirm, name="confirm"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/new/", receipts.new_receipt, name="new_receipt"),
    path("receipts/<str:number>/", receipts.receipt, name="receipt"),
    path("receipts/<str:number>/allocate/", receipts.allocate, name="allocate"),
    path("finance/", queues.finance, name="finance"),
    path("uninvoiced/", queues.uninvoiced, name="uninvoiced"),
]
