import pytest
from django.contrib.auth.models import Group

from accounts.models import Team, User
from approvals.handover import appoint_manager
from approvals.models import Step
from approvals.states import CaseState
from core.models import Event
from core.rules import Blocked
from tests.approvals.cases import decide, opened

pytestmark = pytest.mark.django_db


def account(person, **more):
    fields = {
        "username": person.username,
        "display_name": person.display_name,
        "email": person.email,
        "team": person.team_id or "",
        "language": person.language,
        "away_until": "",
        "groups": list(person.groups.values_list("pk", flat=True)),
        "is_active": "on",
    }
    return {**fields, **more}


@pytest.mark.rule("R10.1", "R10.2")
def test_a_role_given_is_recorded_and_one_taken_is_gone_at_the_next_request(world):
    client, theirs = world.client("admin"), world.client("finance")
    assert theirs.get("/approvals/").status_code == 200
    page = f"/admin/accounts/user/{world.finance.pk}/change/"
    purchasing = Group.objects.get(name="purchasing").pk
    assert client.post(page, account(world.finance, groups=[purchasing])).status_code == 302
    assert theirs.get("/approvals/").status_code == 403
    event = Event.objects.get(verb="person.changed")
    assert (event.actor, event.thread) == (world.admin, "user:finance")
    assert (event.facts["old"]["roles"], event.facts["new"]["roles"]) == ("finance", "purchasing")


@pytest.mark.rule("R10.2")
def test_the_administrator_makes_nobody_a_superuser_and_removes_nobody(world):
    client = world.client("admin")
    page = f"/admin/accounts/user/{world.rep.pk}/"
    client.post(f"{page}change/", account(world.rep, is_superuser="on", is_staff="on"))
    person = User.objects.get(pk=world.rep.pk)
    assert (person.is_superuser, person.is_staff) == (False, False)
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=world.rep.pk).exists()


@pytest.mark.rule("R10.2")
def test_nobody_else_comes_through_that_door(world):
    for who in ("gm", "support", "rep"):
        assert world.client(who).get("/admin/accounts/user/").status_code == 302


@pytest.mark.rule("R2.1")
def test_a_new_manager_takes_over_what_waits(world):
    case = decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")
    client = world.client("admin")
    fields = {"code": "NORTH", "name": "华北销售部", "shop": "HB", "manager": world.manager2.pk}
    assert client.post(f"/admin/accounts/team/{world.north.pk}/change/", fields).status_code == 302
    assert Team.objects.get(code="NORTH").manager == world.manager2
    with pytest.raises(Blocked):
        decide(world, case, "manager", "manager")
    assert decide(world, case, "manager", "manager2").state == CaseState.APPROVED
    assert Event.objects.get(verb="team.changed").facts["new"] == {"manager": str(world.manager2)}


@pytest.mark.rule("R2.1")
def test_what_waits_survives_a_time_without_a_manager(world):
    case = decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")
    appoint_manager(world.north, manager=None, actor=world.admin)
    with pytest.raises(Blocked):
        decide(world, case, "manager", "manager")
    appoint_manager(world.north, manager=world.manager2, actor=world.admin)
    assert decide(world, case, "manager", "manager2").state == CaseState.APPROVED


@pytest.mark.rule("R2.1", "R2.10")
def test_what_the_new_manager_entered_goes_to_those_in_the_managers_place(world):
    case = opened(world, barred=[world.rep, world.manager2])
    case = decide(world, decide(world, case, "support", "support"), "finance", "finance")
    appoint_manager(world.north, manager=world.manager2, actor=world.admin)
    with pytest.raises(Blocked):
        decide(world, case, "manager", "manager2")
    assert Step.objects.decidable_by(world.head).filter(kind="manager").exists()
    assert decide(world, case, "manager", "head").state == CaseState.APPROVED


@pytest.mark.rule("R2.1")
def test_appointing_the_same_person_again_changes_nothing(world):
    appoint_manager(world.north, manager=world.manager, actor=world.admin)
    assert not Event.objects.filter(verb="team.changed").exists()
