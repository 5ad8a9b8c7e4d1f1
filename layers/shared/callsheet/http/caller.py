"""The principal of a request, from the claims that API Gateway's JWT authorizer has verified."""

from collections.abc import Mapping

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
