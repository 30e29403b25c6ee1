"""Where the pages of orders are."""

from django.urls import URLPattern, URLResolver, path

from orders.views import check, edit, entry_papers, files, intake, lists, memos, page, twins, verbs

app_name = "orders"

urlpatterns: list[URLPattern | URLResolver] = [
    path("orders/", lists.orders, name="orders"),
    path("orders/new/", lists.new, name="new"),
    path("support/", lists.support, name="support"),
    path("orders/import/", intake.imports, name="imports"),
    path("orders/import/template/", intake.import_template, name="import_template"),
    path("orders/import/<int:pk>/", intake.import_batch, name="import_batch"),
    path("orders/import/<int:pk>/file/", intake.import_file, name="import_file"),
    path("orders/import/<int:pk>/columns/", intake.import_columns, name="import_columns"),
    path("orders/import/<int:pk>/correct/", intake.import_correct, name="import_correct"),
    path("orders/import/<int:pk>/take/", intake.import_take, name="import_take"),
    path("orders/import/<int:pk>/discard/", intake.import_discard, name="import_discard"),
    path("memos/", memos.memos, name="memos"),
    path("memos/new/", memos.new, name="new_memo"),
    path("memos/<str:number>/", memos.memo, name="memo"),
    path("memos/<str:number>/save/", memos.save, name="save_memo"),
    path("memos/<str:number>/draft/", memos.draft, name="draft_memo"),
    path("memos/<str:number>/close/", memos.close, name="close_memo"),
    path("orders/<str:number>/", page.order, name="order"),
    path("orders/<str:number>/twins/", twins.twins, name="twins"),
    path("orders/<str:number>/edit/", edit.edit, name="edit"),
    path("orders/<str:number>/edit/header/", edit.save_header, name="save_header"),
    path("orders/<str:number>/edit/row/", edit.save_row, name="save_row"),
    path("orders/<str:number>/edit/paste/", edit.paste, name="paste"),
    path("orders/<str:number>/edit/check/", check.live_check, name="live_check"),
    path("orders/<str:number>/edit/papers/", entry_papers.attach_here, name="attach_here"),
    path("orders/<str:number>/papers/<int:pk>/view/", entry_papers.preview, name="preview"),
    path("orders/<str:number>/papers/<int:pk>/shown/", entry_papers.shown, name="shown"),
    path("orders/<str:number>/submit/", verbs.submit, name="submit"),
    path("orders/<str:number>/standardise/", verbs.standardise, name="standardise"),
    path("orders/<str:number>/return/", verbs.give_back, name="return"),
    path("orders/<str:number>/decide/", verbs.decide, name="decide"),
    path("orders/<str:number>/withdraw/", verbs.withdraw, name="withdraw"),
    path("orders/<str:number>/confirm/", verbs.confirm, name="confirm"),
    path("orders/<str:number>/release/", verbs.release, name="release"),
    path("orders/<str:number>/cancel/", verbs.cancel, name="cancel"),
    path("orders/<str:number>/comment/", verbs.comment, name="comment"),
    path("orders/<str:number>/attach/", verbs.attach, name="attach"),
    path("orders/<str:number>/papers/<int:pk>/", files.paper, name="paper"),
    path("orders/<str:number>/papers/<int:pk>/mark/", verbs.mark, name="mark"),
    path("orders/<str:number>/papers/<int:pk>/remove/", files.remove, name="remove_paper"),
    path("orders/<str:number>/confirmations/<int:version>/", files.confirmation, name="confirmation"),
]
