"""The model company that tests start from: people of every role, two teams, and what each floor adds.

Everything is built through the actions, so a test cannot start from an impossible state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.demo import TEAMS, build_people
from accounts.models import Team, User

PASSWORD = "orderway-demo-1"


@dataclass
class World:
    """`World()` builds people and teams; `world.rep` … are users, `world.north` and `world.east` teams."""

    people: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = build_people(PASSWORD)
        self.teams = {team.code: team for team in Team.objects.filter(code__in=TEAMS)}

    def __getattr__(self, name: str) -> Any:
        people = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    @property
    def north(self) -> Team:
        """The team of `rep` and `manager`."""
        return self.teams["NORTH"]

    @property
    def east(self) -> Team:
        """The team of `rep2` and `manager2`."""
        return self.teams["EAST"]

    def again(self, name: str) -> User:
        """The person read anew: permissions and roles are remembered by an instance."""
        self.people[name] = User.objects.get(pk=self.people[name].pk)
        return self.people[name]

    def client(self, name: str) -> Client:
        """A browser without scripts in which the person is signed in."""
        client = Client()
        client.force_login(self.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client
