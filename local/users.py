"""The people one may act as. Their passwords are no secret: the cloud they sign in to is on this machine."""

from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from callsheet.kernel.ids import user_id_of
from local import aws
from local.stack import DemoUser, Stack

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "carla": ("client",),
    "pavel": ("provider",),
    "petra": ("provider",),
    "sofia": ("studio_owner",),
    "adele": ("admin",),
    "felix": ("fan",),
}
_PASSWORD = "Callsheet-demo-1"


class UnknownUser(SystemExit):
    """There is no demo user of that name."""


def ensure(stack: Stack) -> dict[str, DemoUser]:
    """Every demo user, signed up and in their groups."""
    return {name: ensure_user(stack, name, roles) for name, roles in ROLES.items()}


def ensure_user(stack: Stack, name: str, roles: tuple[str, ...]) -> DemoUser:
    """A user who can sign in: there already, or made now."""
    cognito, pool = aws.client("cognito-idp", stack.aws_endpoint), stack.outputs["UserPoolId"]
    try:
        found = cognito.admin_get_user(UserPoolId=pool, Username=_email(name))
    except cognito.exceptions.UserNotFoundException:
        _sign_up(cognito, pool, name, roles)
        found = cognito.admin_get_user(UserPoolId=pool, Username=_email(name))
    subject = next(part["Value"] for part in found["UserAttributes"] if part["Name"] == "sub")
    return DemoUser(user_id=user_id_of(subject), roles=roles)


def token(stack: Stack, name: str) -> str:
    """A fresh access token. Raises UnknownUser."""
    cognito = aws.client("cognito-idp", stack.aws_endpoint)
    try:
        answer = cognito.initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=stack.outputs["UserPoolClientId"],
            AuthParameters={"USERNAME": _email(name), "PASSWORD": _PASSWORD},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NotAuthorizedException", "UserNotFoundException"}:
            raise
        raise UnknownUser(f"No demo user is called {name!r}: {', '.join(ROLES)}") from None
    return answer["AuthenticationResult"]["AccessToken"]


def _sign_up(cognito: "CognitoIdentityProviderClient", pool: str, name: str, roles: tuple[str, ...]) -> None:
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=_email(name),
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": _email(name)},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=_email(name), Password=_PASSWORD, Permanent=True
    )
    for role in roles:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=_email(name), GroupName=role)


def _email(name: str) -> str:
    return f"{name}@callsheet.example"
