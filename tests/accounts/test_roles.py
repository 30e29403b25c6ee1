import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import get_resolver

from accounts import roles
from accounts.grants import sync_roles
from accounts.models import User
from accounts.queries import sees_everything, system_user, team_ids
from core.access import PUBLIC, SIGNED_IN, _patterns
from core.rules import GATES

pytestmark = pytest.mark.django_db
GIVEN = {name for names in roles.MATRIX.values() for name in names}


@pytest.mark.rule("R10.2")
def test_the_matrix_names_all_fifteen_roles_and_real_permissions(world):
    assert roles.MATRIX.keys() == roles.ROLES.keys()
    assert len(roles.ROLES) == 15
    assert set(roles.ROLES) == set(Group.objects.values_list("name", flat=True))


@pytest.mark.rule("R10.2")
def test_every_gate_and_every_page_is_open_to_some_role():
    asked = {gate.permission for gate in GATES.values()}
    for _route, pattern in _patterns(get_resolver("config.urls"), ""):
        asked |= set(getattr(pattern.callback, "access", None).permissions if _is_ours(pattern) else ())
    assert asked - GIVEN - {PUBLIC, SIGNED_IN} == set()


def _is_ours(pattern):
    return hasattr(pattern.callback, "access")


@pytest.mark.rule("R10.2")
def test_a_group_gets_exactly_what_the_matrix_gives(world):
    group = Group.objects.get(name="warehouse")
    group.permissions.set(Group.objects.get(name="finance").permissions.all())
    assert sync_roles() == ["warehouse"]
    held = {f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all()}
    assert held == roles.permissions_of("warehouse")
    assert sync_roles() == []


def test_the_command_says_what_it_changed(world, capsys):
    call_command("sync_roles")
    assert "as they should be" in capsys.readouterr().out


@pytest.mark.rule("R10.2")
def test_a_permission_that_no_model_declares_stops_the_sync(world, monkeypatch):
    monkeypatch.setitem(roles.MATRIX, "customer", ("orders.fly",))
    with pytest.raises(LookupError, match=r"orders\.fly"):
        sync_roles()


@pytest.mark.rule("R10.2")
def test_the_administrator_takes_no_business_decision():
    business = ("orders", "approvals", "logistics", "invoicing", "inventory", "customers")
    lists = ("_warehouse", "_productcategory", "_pricelist", "_carrier")  # plain lists, kept by hand
    held = [name for name in roles.MATRIX["administrator"] if name.split(".")[0] in business]
    assert [name for name in held if not name.endswith(lists)] == []


@pytest.mark.rule("R10.2")
@pytest.mark.parametrize(
    ("who", "everything", "teams"),
    [
        ("rep", False, {"NORTH"}),
        ("rep2", False, {"EAST"}),
        ("manager", False, {"NORTH"}),
        ("head", True, set()),
        ("gm", True, set()),
        ("support", True, set()),
        ("finance", True, set()),
        ("customer", False, set()),
        ("admin", False, set()),
    ],
)
def test_whose_objects_a_role_sees(world, who, everything, teams):
    person = world.people[who]
    assert sees_everything(person) is everything
    assert {code for code, team in world.teams.items() if team.pk in team_ids(person)} == teams


@pytest.mark.rule("R10.2")
def test_a_manager_sees_every_team_that_is_theirs(world):
    world.east.manager = world.manager
    world.east.save()
    assert team_ids(world.again("manager")) == {world.north.pk, world.east.pk}


@pytest.mark.rule("R10.2")
def test_cost_margin_and_credit_are_hidden_from_who_has_no_business_with_them():
    for role in ("sales_rep", "warehouse", "production", "quality", "customer", "after_sales"):
        assert "inventory.view_cost" not in roles.MATRIX[role]
        assert "customers.view_credit" not in roles.MATRIX[role]


def test_there_is_one_system_user_who_cannot_sign_in(world):
    system = system_user()
    assert User.objects.filter(is_system=True).count() == 1
    assert not system.has_usable_password()
    assert not world.client("rep").login(username="system", password="")


def test_no_model_of_the_house_is_forgotten_by_the_sync():
    assert apps.get_model("accounts.User") is User
