from django.urls import URLPattern, URLResolver, path

from customers.views import agreements, changes, classes, lists, page, record, transfer

app_name = "customers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/", lists.customers, name="customers"),
    path("customers/new/", record.new, name="new"),
    path("customers/classes/", classes.classes, name="classes"),
    path("customers/<str:code>/", page.customer, name="customer"),
    path("customers/<str:code>/transfer/", transfer.transfer, name="transfer"),
    path("customers/<str:code>/class/", classes.propose, name="propose_class"),
    path("customers/<str:code>/class/<int:pk>/ask/", classes.ask, name="ask_class"),
    path("customers/<str:code>/class/<int:pk>/dismiss/", classes.dismiss, name="dismiss_class"),
    path("customers/<str:code>/edit/", record.edit, name="edit"),
    path("customers/<str:code>/block/", changes.block, name="block"),
    path("customers/<str:code>/changes/new/", changes.ask, name="ask"),
    path("customers/<str:code>/changes/<int:number>/", changes.change, name="change"),
    path("customers/<str:code>/changes/<int:number>/decide/", changes.decide, name="decide"),
    path("customers/<str:code>/changes/<int:number>/withdraw/", changes.withdraw, name="withdraw"),
    path("customers/<str:code>/contracts/add/", agreements.add_contract, name="add_contract"),
    path("customers/<str:code>/contracts/<int:pk>/end/", agreements.end_contract, name="end_contract"),
    path(
        "customers/<str:code>/contracts/<int:pk>/remove/", agreements.remove_contract, name="remove_contract"
    ),
    path("customers/<str:code>/contracts/<int:pk>/file/", agreements.contract_file, name="contract_file"),
    path("customers/<str:code>/agreements/add/", agreements.add_agreement, name="add_agreement"),
    path("customers/<str:code>/agreements/paste/", agreements.paste_agreements, name="paste_agreements"),
    path("customers/<str:code>/agreements/<int:pk>/end/", agreements.end_agreement, name="end_agreement"),
    path(
        "customers/<str:code>/agreements/<int:pk>/remove/",
        agreements.remove_agreement,
        name="remove_agreement",
    ),
    path(
        "customers/<str:code>/part-numbers/paste/", agreements.paste_part_numbers, name="paste_part_numbers"
    ),
    path(
        "customers/<str:code>/part-numbers/<int:pk>/remove/",
        agreements.remove_part_number,
        name="remove_part_number",
    ),
]
