from django.urls import URLPattern, URLResolver, path

from inventory.views import production, products, stock
from inventory.views.lookup import lookup

app_name = "inventory"

urlpatterns: list[URLPattern | URLResolver] = [
    path("products/", products.products, name="products"),
    path("products/lookup/", lookup, name="lookup"),
    path("products/new/", products.product_new, name="product_new"),
    path("products/<str:code>/", products.product, name="product"),
    path("products/<str:code>/edit/", products.product_edit, name="product_edit"),
    path("products/<str:code>/substitutes/", products.product_substitutes, name="product_substitutes"),
    path("products/<str:code>/price/", products.product_price, name="product_price"),
    path("stock/", stock.stock, name="stock"),
    path("stock/receive/", stock.receive, name="receive"),
    path("stock/correct/", stock.correct, name="correct"),
    path("stock/overdue/", stock.overdue, name="overdue"),
    path("production/", production.production, name="production"),
    path("production/<str:number>/", production.production_order, name="production_order"),
    path("production/<str:number>/accept/", production.accept, name="production_accept"),
    path("production/<str:number>/report/", production.report, name="production_report"),
    path("production/<str:number>/inspect/", production.inspect, name="production_inspect"),
    path("quality/", production.quality, name="quality"),
]
