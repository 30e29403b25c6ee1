import pytest
from django.core import mail
from django.db import transaction

from accounts.inbox import NOTICES, notices, notify, notify_role, sentence
from accounts.models import Notice, User
from core.mail import queue_mail
from core.models import OutboxMessage
from core.outbox import deliver_due

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R10.3")]
notices(test_told="%(what)s concerns you")


def deliver_everything():
    while deliver_due():
        pass


def test_a_person_is_told_once_on_the_page_and_by_mail(world):
    for _again in range(2):
        notify(world.rep, "test_told", key="thing:1", link="/orders/1/", what="An order")
    deliver_everything()

    notice = Notice.objects.get(person=world.rep)
    assert sentence(notice) == "An order concerns you"
    assert [(each.to, each.subject) for each in mail.outbox] == [
        (["rep@orderway.example"], "An order concerns you")
    ]
    assert "/orders/1/" in mail.outbox[0].body


def test_delivering_again_sends_nothing_twice(world):
    notify(world.rep, "test_told", key="thing:1", what="An order")
    deliver_everything()
    OutboxMessage.objects.filter(kind="notice_mail").update(state="waiting", leased_until=None)
    deliver_everything()
    assert len(mail.outbox) == 1


def test_who_wants_no_mail_gets_none_and_still_reads_it_on_the_page(world):
    world.rep.mails_notices = False
    world.rep.save()
    notify(world.rep, "test_told", key="thing:2", what="An order")
    deliver_everything()
    assert mail.outbox == []
    assert Notice.objects.filter(person=world.rep).count() == 1


def test_the_mail_is_in_the_readers_language(world):
    world.rep.language = "zh-hans"
    world.rep.save()
    notify(world.rep, "reminder", key="thing:3", who=world.support, about="x")
    deliver_everything()
    assert str(world.support) in mail.outbox[0].subject


def test_a_role_is_told_and_of_sales_managers_only_the_teams(world):
    notify_role("business_support", "test_told", key="thing:4", what="It")
    assert set(Notice.objects.values_list("person__username", flat=True)) == {"support", "support2", "lead"}
    notify_role("sales_manager", "test_told", key="thing:5", team=world.north, what="It")
    assert list(Notice.objects.filter(key="thing:5").values_list("person", flat=True)) == [world.manager.pk]


def test_who_left_and_the_system_are_not_told(world):
    world.rep.is_active = False
    world.rep.save()
    notify(world.rep, "test_told", key="thing:6", what="It")
    notify(User.objects.get(is_system=True), "test_told", key="thing:6", what="It")
    assert not Notice.objects.exists()


def test_an_undeclared_kind_is_refused(world):
    with pytest.raises(LookupError):
        notify(world.rep, "never_declared", key="x")
    assert not Notice.objects.exists()


def test_nothing_is_told_of_what_was_rolled_back(world):
    with transaction.atomic():
        notify(world.rep, "test_told", key="thing:7", what="It")
        transaction.set_rollback(True)
    deliver_everything()
    assert mail.outbox == []
    assert not Notice.objects.exists()


def test_a_mail_sent_twice_carries_the_same_message_id(world):
    queue_mail(key="one", to="a@example.com", subject="A\nB", text="text")
    deliver_due()
    OutboxMessage.objects.update(state="waiting", leased_until=None)
    deliver_due()
    assert len(mail.outbox) == 2
    assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == 1
    assert mail.outbox[0].subject == "A B"


def test_every_kind_that_is_declared_reads_well_without_facts():
    for kind in NOTICES:
        assert sentence(Notice(kind=kind, facts={}))
