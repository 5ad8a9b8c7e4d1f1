"""The rows of a domain's `routes.py`: what infrastructure must know of a function, written once.

CDK, the OpenAPI builder and the tests read these rows; handlers never repeat them. Standard library only, and no
methods that nobody calls: Python would compile them for each class, in every cold start.
"""

from dataclasses import dataclass
from enum import StrEnum


class Auth(StrEnum):
    """How the door knows its caller."""

    JWT = "jwt"
    NONE = "none"
    OPTIONAL = "optional"  # anybody may call; a bearer token, where there is one, is verified in the function


class Grant(StrEnum):
    """What a function may do with a table or a bucket. Who writes takes nothing away: only DELETE does.

    APPEND puts whole items; IAM cannot tell a new one from one written over, which conditions forbid. Several grants
    of one resource add up.
    """

    READ = "read"
    APPEND = "append"
    WRITE = "write"
    DELETE = "delete"
    READ_WRITE = "read_write"


class RateClass(StrEnum):
    """Token buckets of numbers.md; the figures stand in `platform/rate_limit.py`."""

    STANDARD = "standard"
    CHECKOUT = "checkout"
    UPLOAD = "upload"
    GRAPHQL = "graphql"
    SEARCH = "search"
    SUGGEST = "suggest"
    SEARCH_KEY = "search_key"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Function:
    """What every Lambda has. `name` is the module below `functions/<domain>/`.

    `tables` maps a logical table name (`bookings`, `calendar`, …) to a grant; `secrets` lists logical secret
    names (`stripe`, `cursor`); `vendors` lists the slow packages that importing the handler may load;
    `buckets` maps a logical bucket name to a grant. `publishes_bus` grants events:PutEvents on the bus.
    """

    name: str
    tables: tuple[tuple[str, Grant], ...] = ()
    secrets: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    buckets: tuple[tuple[str, Grant], ...] = ()
    queues: tuple[str, ...] = ()  # names of workers ("domain/verb_noun") whose queue it may send to
    publishes_bus: bool = False
    memory_mb: int = 512
    timeout_seconds: int = 15
    reserved_concurrency: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Endpoint(Function):
    """One HTTP endpoint: `path` in OpenAPI form, below the API's root."""

    method: str
    path: str
    auth: Auth = Auth.JWT
    roles: tuple[str, ...] = ()  # any of these Cognito groups; empty: any signed-in user
    rate: RateClass = RateClass.STANDARD
    idempotent: bool = False  # honours Idempotency-Key
    max_body_bytes: int = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Worker(Function):
    """A consumer behind its own queue and dead-letter queue.

    `events` are the domain events (`booking.accepted`) routed to it; `due` the deadline kinds
    (`booking.answer_due`); `direct` says that functions send to the queue themselves.
    """

    events: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    direct: bool = False
    batch_size: int = 10
    max_receives: int = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Schedule(Function):
    """A job on a clock. `rate_minutes` between two runs."""

    rate_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BucketTrigger(Function):
    """Runs when an object appears below `prefix` of `bucket`."""

    bucket: str
    prefix: str
    max_receives: int = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StreamTrigger(Function):
    """Reads the stream of a table."""

    stream_of: str
    batch_size: int = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UserPoolTrigger(Function):
    """Called by the user pool; `trigger` is Cognito's name for the moment, e.g. `post_confirmation`."""

    trigger: str


type Row = Endpoint | Worker | Schedule | BucketTrigger | StreamTrigger | UserPoolTrigger
