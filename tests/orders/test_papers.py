"""Papers: several, marked, demanded by category, taken off while the order is the rep's (R1.1, R1.3)."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import Event, StoredFile
from core.rules import Blocked
from inventory.models import ProductCategory
from orders import actions
from orders.models import SourceDocument
from orders.states import OrderState
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.1")]


def test_a_wrong_paper_is_taken_off_recorded_and_its_file_kept(world):
    order = desk.draft_order(world)
    wrong = desk.paper(order, world.rep)

    actions.remove_document(wrong, actor=world.rep)

    assert not order.source_documents.exists()
    assert StoredFile.objects.filter(pk=wrong.file_id).exists()
    event = Event.objects.get(verb="order.document_removed")
    assert (event.facts["file"], event.facts["digest"]) == (wrong.file.name, wrong.file.sha256)
    assert event.facts["mark"] == "seal"


def test_after_submission_no_paper_is_taken_off(world, client):
    order = desk.submitted_order(world)
    paper = order.source_documents.get()
    with pytest.raises(Blocked):
        actions.remove_document(paper, actor=world.rep)
    client.force_login(world.rep)
    url = f"/orders/{order.number}/papers/{paper.pk}/remove/"

    answer = client.post(url, {"form_key": str(uuid.uuid4())})

    assert answer.status_code == 409
    assert SourceDocument.objects.filter(pk=paper.pk).exists()
    assert not Event.objects.filter(verb="order.document_removed").exists()


def test_the_page_takes_it_off_and_a_paper_of_another_order_stays(world, client):
    order, other = desk.draft_order(world), desk.draft_order(world, lines=(("P-2", "1"),))
    paper, kept = desk.paper(order, world.rep), desk.paper(other, world.rep)
    client.force_login(world.rep)
    wrong = client.post(f"/orders/{order.number}/papers/{kept.pk}/remove/", {"form_key": str(uuid.uuid4())})
    done = client.post(f"/orders/{order.number}/papers/{paper.pk}/remove/", {"form_key": str(uuid.uuid4())})

    assert (wrong.status_code, done.status_code) == (404, 302)
    assert list(SourceDocument.objects.all()) == [kept]


def test_the_mark_says_kind_who_when_and_page(world, client):
    order = desk.draft_order(world)
    paper = desk.paper(order, world.rep, marked=False)
    client.force_login(world.rep)
    fields = {"mark": "seal", "marked_by": "王琳", "marked_on": timezone.localdate().isoformat()}

    client.post(
        f"/orders/{order.number}/papers/{paper.pk}/mark/",
        {**fields, "marked_page": "3", "form_key": str(uuid.uuid4())},
    )

    paper.refresh_from_db()
    assert (paper.mark, paper.marked_by, paper.marked_page) == ("seal", "王琳", "3")
    page = client.get(order.get_absolute_url()).content.decode()
    assert paper.file.name in page
    assert "王琳" in page


@pytest.mark.parametrize(
    ("name", "content"), [("order.pdf", b""), ("order.pdf", b"MZ\x90\x00hello"), ("x.exe", b"MZ")]
)
def test_an_empty_or_strange_file_is_refused_and_nothing_is_kept(world, name, content):
    order = desk.draft_order(world)
    with pytest.raises(ValidationError):
        actions.attach_document(order, upload=SimpleUploadedFile(name, content), actor=world.rep)
    assert not order.source_documents.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.rule("R1.3")
def test_each_attachment_that_a_category_demands_is_asked_for_by_name(world):
    category = ProductCategory.objects.create(
        code="CAB", name="柜", demanded_attachments=["平面图", "配置清单"]
    )
    desk.product(world, "CAB-1", category=category)
    order = desk.draft_order(world, lines=(("CAB-1", "1"),))
    desk.paper(order, world.rep)
    plan = desk.paper(order, world.rep, marked=False, purpose="平面图")

    def missing():
        with pytest.raises(Blocked) as refusal:
            actions.submit_order(order, actor=world.rep)
        return [each.facts["attachment"] for each in refusal.value.reasons]

    assert missing() == ["配置清单"]
    actions.remove_document(plan, actor=world.rep)
    assert missing() == ["平面图", "配置清单"]
    for purpose in ("平面图", "配置清单"):
        desk.paper(order, world.rep, marked=False, purpose=purpose)
    assert actions.submit_order(order, actor=world.rep).state == OrderState.SUBMITTED


@pytest.mark.rule("R1.1")
def test_a_cancelled_order_takes_no_more_papers(world):
    order = desk.draft_order(world)
    kept = desk.paper(order, world.rep, marked=False)
    actions.cancel_order(order, reason="doppelt", actor=world.rep)
    client, key = world.client("rep"), {"form_key": str(uuid.uuid4())}
    upload = SimpleUploadedFile("po.pdf", desk.PAPER)

    for where, files in (("edit/papers", {"files": upload}), ("attach", {"file": upload})):
        upload.seek(0)
        answer = client.post(f"{order.get_absolute_url()}{where}/", {**files, "form_key": str(uuid.uuid4())})
        assert answer.status_code == 409
        assert "R1.1" in answer.content.decode()
    said = {"mark": "seal", "marked_by": "王琳", "marked_on": "2026-01-05"}
    assert client.post(f"{order.get_absolute_url()}papers/{kept.pk}/mark/", said | key).status_code == 409

    assert order.source_documents.get() == kept
    assert not order.source_documents.get().mark


@pytest.mark.rule("R1.3")
def test_an_attachment_nobody_demands_is_not_taken(world):
    order, client = desk.draft_order(world), world.client("rep")
    sent = {
        "files": SimpleUploadedFile("a.pdf", desk.PAPER),
        "kind": "x" * 900,
        "form_key": str(uuid.uuid4()),
    }

    assert client.post(f"{order.get_absolute_url()}edit/papers/", sent).status_code == 302

    assert not order.source_documents.exists()
