"""The people of the model company, by the names that tests and the demo use alike."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.grants import sync_roles
from accounts.models import Team, User

#: The demo's password: on loopback only; production refuses demo mode (config/checks.py).
PASSWORD = "demo"  # noqa: S105
#: user name → (name on screen, roles, team code)
PEOPLE: dict[str, tuple[str, tuple[str, ...], str]] = {
    "rep": ("陈晓", ("sales_rep",), "NORTH"),
    "rep2": ("林浩", ("sales_rep",), "EAST"),
    "manager": ("王建国", ("sales_manager",), "NORTH"),
    "manager2": ("赵敏", ("sales_manager",), "EAST"),
    "head": ("李卫东", ("sales_head",), ""),
    "gm": ("周正", ("general_manager",), ""),
    "support": ("孙丽", ("business_support",), ""),
    "support2": ("吴婷", ("business_support",), ""),
    "lead": ("郑芳", ("support_lead", "business_support"), ""),
    "tech": ("冯磊", ("technical",), ""),
    "production": ("蒋勇", ("production",), ""),
    "quality": ("沈洁", ("quality",), ""),
    "warehouse": ("韩冰", ("warehouse",), ""),
    "purchasing": ("杨柳", ("purchasing",), ""),
    "finance": ("朱静", ("finance",), ""),
    "aftersales": ("秦岚", ("after_sales",), ""),
    "customer": ("何先生", ("customer",), ""),
    "admin": ("管理员", ("administrator",), ""),
}
#: team code → (name, sales office, manager)
TEAMS = {"NORTH": ("华北销售部", "HB", "manager"), "EAST": ("华东销售部", "HD", "manager2")}


@transaction.atomic
def build_people(password: str) -> dict[str, User]:
    """Create roles, teams and people (what is there stays), all with this password; people by user name."""
    sync_roles()
    teams = {
        code: Team.objects.get_or_create(code=code, defaults={"name": name, "shop": shop})[0]
        for code, (name, shop, _manager) in TEAMS.items()
    }
    known = set(User.objects.filter(username__in=PEOPLE).values_list("username", flat=True))
    hashed = make_password(password)
    new = [_person(name, shown, teams.get(team), hashed) for name, (shown, _roles, team) in PEOPLE.items()]
    User.objects.bulk_create(person for person in new if person.username not in known)
    people = {person.username: person for person in User.objects.filter(username__in=PEOPLE)}
    _give_roles({name: person for name, person in people.items() if name not in known})
    for code, (_name, _shop, manager) in TEAMS.items():
        Team.objects.filter(pk=teams[code].pk).update(manager=people[manager])
    return {name: people[name] for name in PEOPLE}


def _person(username: str, shown: str, team: Team | None, hashed: str) -> User:
    return User(
        username=username,
        display_name=shown,
        email=f"{username}@orderway.example",
        team=team,
        password=hashed,
        is_staff=username == "admin",
    )


def _give_roles(people: dict[str, User]) -> None:
    groups = dict(Group.objects.values_list("name", "pk"))
    membership = User.groups.through
    membership.objects.bulk_create(
        membership(user_id=person.pk, group_id=groups[role])
        for name, person in people.items()
        for role in PEOPLE[name][1]
    )
