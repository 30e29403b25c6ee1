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
    groups = {group.name: group for group in Group.objects.all()}
    hashed = make_password(password)
    people = {
        username: _person(username, shown, [groups[role] for role in roles], teams.get(team), hashed)
        for username, (shown, roles, team) in PEOPLE.items()
    }
    for code, (_name, _shop, manager) in TEAMS.items():
        Team.objects.filter(pk=teams[code].pk).update(manager=people[manager])
    return people


def _person(username: str, shown: str, groups: list[Group], team: Team | None, hashed: str) -> User:
    person, created = User.objects.get_or_create(
        username=username,
        defaults={
            "display_name": shown,
            "email": f"{username}@orderway.example",
            "team": team,
            "password": hashed,
            "is_staff": username == "admin",
        },
    )
    if created:
        person.groups.set(groups)
    return person
