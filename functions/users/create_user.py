"""Cognito, after a sign-up was confirmed: the person has an account.

Called for a confirmed new password too, and again where we answered too late: only the first call does anything.
"""

from aws_lambda_powertools.utilities.data_classes.cognito_user_pool_event import PostConfirmationTriggerEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from callsheet import wiring
from callsheet.kernel.ids import user_id_of
from callsheet.kernel.principal import Principal
from callsheet.users.create_user import create_user


def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    """Answers the event itself, as Cognito wants it back."""
    trigger = PostConfirmationTriggerEvent(event)
    user_id = user_id_of(trigger.request.user_attributes["sub"])
    create_user(Principal(user_id, correlation_id=context.aws_request_id), wiring.users())
    return event
