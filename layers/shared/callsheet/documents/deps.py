"""What the use cases of documents are given."""

from collections.abc import Callable
from dataclasses import dataclass

from callsheet.gateways.disputes import DisputeGateway
from callsheet.kernel.clock import Clock
from callsheet.kernel.page import Cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsDeps:
    """`cursors` is called where a list is read: it wants a secret."""

    clock: Clock
    cursors: Callable[[], Cursors]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDeps(DocumentsDeps):
    """For handing evidence in."""

    disputes: DisputeGateway
