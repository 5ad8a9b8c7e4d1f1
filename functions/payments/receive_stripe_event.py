"""POST /v1/webhooks/stripe: Stripe says that something has happened.

The signature in `Stripe-Signature` stands for authentication; it is taken for five minutes.
"""

from callsheet import wiring
from callsheet.gateways.errors import InvalidSignature
from callsheet.http.endpoint import endpoint
from callsheet.http.request import RawRequest
from callsheet.kernel.principal import Principal
from callsheet.payments.receive_stripe_event import Received, receive_stripe_event


@endpoint(errors=(InvalidSignature,))
def handler(request: RawRequest, caller: Principal) -> Received:
    signature = request.headers.get("stripe-signature")
    return receive_stripe_event(request.body, signature, caller, wiring.payments())
