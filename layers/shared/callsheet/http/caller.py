"""The principal of a request, from the claims that API Gateway's JWT authorizer has verified, and what names it."""

import hashlib
import re
from collections.abc import Mapping

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from callsheet.kernel.errors import Forbidden, Unauthenticated
from callsheet.kernel.ids import user_id_of
from callsheet.kernel.principal import Principal, Role
from callsheet.kernel.routing import Auth, Endpoint

ANONYMOUS = "anonymous"


def roles_of(groups: object) -> frozenset[Role]:
    """The roles among Cognito's groups; groups that are no role of ours are passed over.

    API Gateway hands `cognito:groups` over as the one string `[a b]`; other gateways as a list.
    """
    names = groups.strip("[]").replace(",", " ").split() if isinstance(groups, str) else groups
    if not isinstance(names, list | tuple):
        return frozenset()
    return frozenset(role for role in Role if role.value in names)


def principal_of(claims: Mapping[str, object], row: Endpoint, correlation_id: str) -> Principal:
    """Who calls, held against what the row asks for: Unauthenticated without a subject, Forbidden without a role."""
    subject = claims.get("sub")
    if not isinstance(subject, str):
        if row.auth is Auth.JWT:
            raise Unauthenticated
        return Principal(ANONYMOUS, correlation_id=correlation_id)
    try:
        user_id = user_id_of(subject)
    except ValueError as error:
        raise Unauthenticated("The token's subject is not one of our users") from error
    caller = Principal(user_id, roles=roles_of(claims.get("cognito:groups")), correlation_id=correlation_id)
    if row.roles and not any(role in caller.roles for role in row.roles):
        raise Forbidden(f"This needs one of the roles {', '.join(row.roles)}")
    return caller


# What a caller may call its own request: no spaces, no "@", and short, so that no person's data gets into our logs.
CORRELATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~+/=:-]{0,63}")


def correlation_id_of(event: APIGatewayProxyEventV2) -> str:
    """The caller's own `X-Correlation-Id` where it has that form, else the gateway's id of the request."""
    given = event.headers.get("x-correlation-id", "")
    return given if CORRELATION_ID.fullmatch(given) else str(event.request_context.request_id)


def bucket_owner(caller: Principal, event: APIGatewayProxyEventV2) -> str:
    """Whose token bucket a request is taken from: the caller's or, of the anonymous, their address's (hashed)."""
    if caller.id != ANONYMOUS:
        return caller.id
    address = str(event.request_context.http.source_ip)
    return f"{ANONYMOUS}#{hashlib.sha256(address.encode()).hexdigest()[:32]}"
