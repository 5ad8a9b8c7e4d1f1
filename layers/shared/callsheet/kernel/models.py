"""How our pydantic models behave: they never change, and are built when they are first used.

A function imports the models of whole domains and uses a few of them, and building one costs as much as importing a
module. `http/endpoint.py` builds those that a handler is certain to use while the function starts (ADR 0044).
"""

from pydantic import ConfigDict

FROZEN = ConfigDict(frozen=True, defer_build=True)
# What a caller sends: a field we do not know is a mistake of theirs.
COMMAND = ConfigDict(frozen=True, extra="forbid", defer_build=True)
# What we or a vendor wrote: newer code may have added fields.
STORED = ConfigDict(frozen=True, extra="ignore", defer_build=True)
