"""What the use cases are given: the one module that knows every part, and imports each only when it is asked for."""

from typing import TYPE_CHECKING

from callsheet.platform.clock import clock

if TYPE_CHECKING:
    from callsheet.bookings.deps import BookingsDeps, CheckoutDeps
    from callsheet.calendar.deps import CalendarDeps
    from callsheet.catalogue.deps import CatalogueDeps
    from callsheet.connect.deps import ConnectDeps
    from callsheet.gateways.tax import TaxCalculator
    from callsheet.media.deps import MediaDeps
    from callsheet.notifications.deps import NotificationsDeps
    from callsheet.payments.deps import PaymentsDeps
    from callsheet.users.deps import UsersDeps


def users() -> "UsersDeps":
    from callsheet.users.deps import UsersDeps

    return UsersDeps(clock=clock())


def catalogue() -> "CatalogueDeps":
    from callsheet.catalogue.deps import CatalogueDeps

    return CatalogueDeps(clock=clock())


def calendar() -> "CalendarDeps":
    from callsheet.calendar.deps import CalendarDeps

    return CalendarDeps(clock=clock())


def media() -> "MediaDeps":
    from callsheet.media.deps import MediaDeps

    return MediaDeps(clock=clock())


def notifications() -> "NotificationsDeps":
    from callsheet.kernel.page import Cursors
    from callsheet.notifications.deps import NotificationsDeps
    from callsheet.platform.secrets import secret

    return NotificationsDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def payments() -> "PaymentsDeps":
    """For receiving webhooks: no call to Stripe is made."""
    from callsheet.payments.deps import PaymentsDeps

    return PaymentsDeps(clock=clock())


def connect() -> "ConnectDeps":
    """Called while a function starts, so that Stripe's SDK loads then."""
    from callsheet.connect.deps import ConnectDeps
    from callsheet.gateways.stripe_connect import StripeConnect
    from callsheet.platform.settings import settings

    return ConnectDeps(clock=clock(), accounts=StripeConnect(), app_origins=lambda: settings().app_origins)


def bookings() -> "BookingsDeps":
    """For use cases that do not speak to Stripe."""
    from callsheet.bookings.deps import BookingsDeps
    from callsheet.bookings.tax import FixedRateTax
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return BookingsDeps(clock=clock(), tax=FixedRateTax(), cursors=lambda: Cursors(secret("cursor")["key"]))


def checkout() -> "CheckoutDeps":
    """For use cases that move money through Stripe. Called while a function starts, so that the SDK loads then."""
    from callsheet.bookings.deps import CheckoutDeps
    from callsheet.bookings.tax import FixedRateTax
    from callsheet.gateways.stripe_payments import StripePayments
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return CheckoutDeps(
        clock=clock(),
        tax=FixedRateTax(),
        cursors=lambda: Cursors(secret("cursor")["key"]),
        payments=StripePayments(),
    )
