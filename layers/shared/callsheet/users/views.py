"""Accounts as callers see them."""

from datetime import datetime

from callsheet.kernel.principal import Principal
from callsheet.users.model import MeView, UserView
from callsheet.users.store import UserItem


def view_of(item: UserItem) -> UserView:
    return UserView(
        id=item.pk, display_name=item.display_name, created_at=datetime.fromisoformat(item.created_at)
    )


def me_view_of(item: UserItem, caller: Principal) -> MeView:
    return MeView(**dict(view_of(item)), roles=tuple(sorted(caller.roles)), version=item.version)
