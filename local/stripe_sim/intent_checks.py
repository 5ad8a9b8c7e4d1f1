"""What Stripe checks before a payment intent is made or confirmed."""

from local.stripe_sim.errors import Refusal
from local.stripe_sim.payment_methods import chosen_method
from local.stripe_sim.shapes import Obj, Params
from local.stripe_sim.world import World


def check_types(params: Params) -> None:
    if params.inner("automatic_payment_methods").flag("enabled") and "allowed_payment_method_types" in params:
        raise Refusal(
            "You may only specify one of these parameters: automatic_payment_methods, allowed_payment_method_types.",
            code="parameters_exclusive",
        )
    if "allowed_payment_method_types" in params and "card" not in params.texts(
        "allowed_payment_method_types"
    ):
        raise Refusal("The simulator has cards only.", param="allowed_payment_method_types")


def has_redirects(params: Params) -> bool:
    """Whether a payment might lead the customer away, for which Stripe wants to know where back."""
    automatic = params.inner("automatic_payment_methods")
    if "allowed_payment_method_types" in params or automatic.maybe_text("allow_redirects") == "never":
        return False
    return automatic.flag("enabled", default=True)


def check_can_confirm(params: Params, method: Obj | None, *, has_redirects: bool) -> None:
    if has_redirects and params.maybe_text("return_url") is None:
        raise Refusal(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of "
            "these payment methods might redirect your customer off of your page, you must provide a `return_url`. "
            "If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to "
            "`true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
            "Payment Intents."
        )
    if method is None:
        raise Refusal(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
            "payment method or ConfirmationToken.",
            code="payment_intent_unexpected_state",
        )


def usable_method(world: World, params: Params, customer: str | None) -> Obj | None:
    """The payment method a request names, if it may be used by this customer."""
    given = params.maybe_text("payment_method")
    if not given:
        return None
    method = chosen_method(world, given)
    if method["customer"] is not None and method["customer"] != customer:
        raise Refusal(
            "The payment method you provided is attached to a customer so for security purposes you must provide the "
            "customer in the request."
            if customer is None
            else f"The customer does not have a payment method with the ID {given}. The payment method must belong to "
            "the customer.",
            param="payment_method",
        )
    if method["customer"] is None and method["id"] in world.used:
        raise Refusal(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared "
            "with a connected account without Customer attachment, or was detached from a Customer. It may not be "
            "used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.",
            param="payment_method",
        )
    return method
