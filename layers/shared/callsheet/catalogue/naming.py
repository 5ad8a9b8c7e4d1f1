"""Names in addresses: the handle that somebody chooses, and the slug that is made of a title."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

MAX_SLUG = 60
# Addresses that are ours, words that sound as if we spoke, and what means nobody.
RESERVED = frozenset(
    [
        *("about", "account", "admin", "administrator", "api", "app", "billing", "blog", "bookings"),
        *("callsheet", "contact", "creator", "creators", "docs", "finance", "graphql", "handles", "help"),
        *("home", "legal", "login", "logout", "mail", "me", "media", "moderator", "null", "official"),
        *("payments", "press", "privacy", "profile", "profiles", "root", "search", "security", "settings"),
        *("signup", "staff", "status", "studio", "studios", "support", "system", "team", "terms"),
        *("undefined", "user", "users", "webmaster", "www"),
    ]
)

_NO_LETTER = re.compile(r"[^a-z0-9]+")


# ASCII alone, so that no two handles look alike; capitals make no difference.
type Handle = Annotated[
    str,
    Field(pattern="^[A-Za-z][A-Za-z0-9_]{2,29}$", examples=["pavel_shoots"]),
    AfterValidator(str.lower),
]


def is_reserved(handle: str) -> bool:
    return handle.replace("_", "") in RESERVED


def slugs_for(title: str, profile_id: str) -> tuple[str, str]:
    """The slug of a title, and the one to take where somebody has that: it ends in the end of the profile's id."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = _NO_LETTER.sub("-", plain)[:MAX_SLUG].strip("-") or "profile"
    return words, f"{words}-{profile_id[-8:].lower()}"
