"""How people come in (R10.4): by user name, never by signing up; each coming and going is recorded.

allauth calls this adapter at its door, so nothing has to listen to signals.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.actions import record_failed_sign_in, record_sign_in, record_sign_out


class ClosedDoor(DefaultAccountAdapter):
    """Accounts are opened by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers themselves."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The last step of signing in, after the second factor."""
        super().login(request, user)
        record_sign_in(user=user, address=self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        """Somebody leaves; recorded before the session forgets who."""
        if request.user.is_authenticated:
            record_sign_out(user=request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong name or password; what was typed as a password is never kept."""
        record_failed_sign_in(
            username=str(credentials.get("username", "")), address=self.get_client_ip(request)
        )
