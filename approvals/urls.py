"""Pages of approval."""

from django.urls import URLPattern, URLResolver, path

from approvals.views import inbox, matrix, terms, verbs

app_name = "approvals"

urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals/", inbox.inbox, name="inbox"),
    path("approvals/batch/", verbs.batch, name="batch"),
    path("approvals/steps/<int:pk>/ask/", verbs.ask, name="ask"),
    path("approvals/steps/<int:pk>/hand-over/", verbs.hand_over, name="hand_over"),
    path("approvals/steps/<int:pk>/take-back/", verbs.take_back, name="take_back"),
    path("approvals/conditions/", terms.conditions, name="conditions"),
    path("approvals/conditions/<int:pk>/close/", terms.close, name="close_condition"),
    path("approvals/questions/", terms.questions, name="questions"),
    path("approvals/questions/<int:pk>/answer/", terms.answer, name="answer"),
    path("settings/authority/", matrix.authority, name="authority"),
    path("settings/authority/<int:pk>/end/", matrix.end, name="end_authority"),
]
