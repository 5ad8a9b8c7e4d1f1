"""What the use cases are given: the one module that knows every part, and imports each only when it is asked for."""

from typing import TYPE_CHECKING

from callsheet.platform.clock import clock

if TYPE_CHECKING:
    from callsheet.bookings.charging_deps import ChargingDeps
    from callsheet.bookings.checkout_deps import CheckoutDeps
    from callsheet.bookings.converging_deps import ConvergingDeps
    from callsheet.bookings.deps import BookingsDeps
    from callsheet.bookings.ordering_deps import OrderingDeps
    from callsheet.bookings.quoting_deps import QuotingDeps
    from callsheet.bookings.refunding_deps import RefundingDeps
    from callsheet.calendar.deps import CalendarDeps
    from callsheet.catalogue.deps import CatalogueDeps, EditingDeps, ListingDeps
    from callsheet.closing.deps import BalancingDeps, ClosingDeps
    from callsheet.connect.deps import ConnectDeps
    from callsheet.documents.deps import DocumentsDeps, EvidenceDeps
    from callsheet.gateways.tax import TaxCalculator, TaxGateway
    from callsheet.media.deps import MediaDeps
    from callsheet.notifications.deps import NotificationsDeps
    from callsheet.payments.deps import PaymentsDeps, TaxDeps
    from callsheet.reviews.deps import ReviewsDeps
    from callsheet.search.deps import (
        IndexingDeps,
        KeyDeps,
        MatchingDeps,
        SavedDeps,
        SearchDeps,
        SettingDeps,
        SynonymDeps,
    )
    from callsheet.transfers.deps import TransfersDeps
    from callsheet.transfers.paying_deps import PayingDeps
    from callsheet.transfers.payout_deps import PayoutDeps
    from callsheet.users.deps import UsersDeps
    from callsheet.wallet.deps import WalletDeps


def users() -> "UsersDeps":
    from callsheet.users.deps import UsersDeps

    return UsersDeps(clock=clock())


def catalogue() -> "CatalogueDeps":
    from callsheet.catalogue.deps import CatalogueDeps

    return CatalogueDeps(clock=clock())


def listing() -> "ListingDeps":
    """For pages of the catalogue."""
    from callsheet.catalogue.deps import ListingDeps
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return ListingDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def editing() -> "EditingDeps":
    from callsheet.catalogue.deps import EditingDeps
    from callsheet.media.for_catalogue import find_pictures

    return EditingDeps(clock=clock(), pictures=find_pictures)


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


def taxes() -> "TaxDeps":
    """For reporting taxes. The SDK loads while the function starts where Stripe Tax is asked, else when needed."""
    from callsheet.payments.deps import TaxDeps
    from callsheet.platform.settings import settings

    if settings().tax_provider == "stripe":
        _stripe_tax()
    return TaxDeps(clock=clock(), gateway=_stripe_tax)


def connect() -> "ConnectDeps":
    """Called while a function starts, so that Stripe's SDK loads then."""
    from callsheet.connect.deps import ConnectDeps
    from callsheet.gateways.stripe_connect import StripeConnect
    from callsheet.platform.settings import settings

    return ConnectDeps(clock=clock(), accounts=StripeConnect(), app_origins=lambda: settings().app_origins)


def bookings() -> "BookingsDeps":
    """For use cases that neither price anything nor speak to Stripe."""
    from callsheet.bookings.deps import BookingsDeps
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return BookingsDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def quoting() -> "QuotingDeps":
    """For quotes. Called while a function starts, so that the SDK loads then where Stripe Tax says what taxes are."""
    from callsheet.bookings.quoting_deps import QuotingDeps
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return QuotingDeps(clock=clock(), tax=_tax(), cursors=lambda: Cursors(secret("cursor")["key"]))


def charging() -> "ChargingDeps":
    """For accepting and declining. Called while a function starts, so that the SDK loads then."""
    from callsheet.bookings.charging_deps import ChargingDeps
    from callsheet.gateways.stripe_payments import StripePayments

    return ChargingDeps(clock=clock(), payments=StripePayments())


def ordering() -> "OrderingDeps":
    """For booking. Called while a function starts, so that the SDK loads then."""
    from callsheet.bookings.ordering_deps import OrderingDeps
    from callsheet.gateways.stripe_payments import StripePayments

    return OrderingDeps(clock=clock(), payments=StripePayments(), tax=_tax())


def refunding() -> "RefundingDeps":
    """For giving money back. Called while a function starts, so that the SDK loads then."""
    from callsheet.bookings.refunding_deps import RefundingDeps
    from callsheet.gateways.stripe_payments import StripePayments
    from callsheet.gateways.stripe_transfers import StripeTransfers

    return RefundingDeps(clock=clock(), payments=StripePayments(), transfers=StripeTransfers())


def converging() -> "ConvergingDeps":
    """For whoever moves bookings to where Stripe says they are. Called while a function starts."""
    from callsheet.bookings.converging_deps import ConvergingDeps
    from callsheet.gateways.stripe_disputes import StripeDisputes
    from callsheet.gateways.stripe_payments import StripePayments
    from callsheet.gateways.stripe_transfers import StripeTransfers

    return ConvergingDeps(
        clock=clock(), payments=StripePayments(), transfers=StripeTransfers(), disputes=StripeDisputes()
    )


def checkout() -> "CheckoutDeps":
    """For whoever may have to do anything with a booking's money. Called while a function starts."""
    from callsheet.bookings.checkout_deps import CheckoutDeps
    from callsheet.gateways.stripe_disputes import StripeDisputes
    from callsheet.gateways.stripe_payments import StripePayments
    from callsheet.gateways.stripe_transfers import StripeTransfers
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return CheckoutDeps(
        clock=clock(),
        tax=_tax(),
        cursors=lambda: Cursors(secret("cursor")["key"]),
        payments=StripePayments(),
        transfers=StripeTransfers(),
        disputes=StripeDisputes(),
    )


def _tax() -> "TaxCalculator":
    """Whoever the setting `TAX_PROVIDER` names."""
    from callsheet.platform.settings import settings

    if settings().tax_provider == "stripe":
        return _stripe_tax()
    from callsheet.bookings.tax import FixedRateTax

    return FixedRateTax()


def _stripe_tax() -> "TaxGateway":
    from callsheet.gateways.stripe_tax import StripeTax

    return StripeTax()


def reviews() -> "ReviewsDeps":
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret
    from callsheet.reviews.deps import ReviewsDeps

    return ReviewsDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def indexing() -> "IndexingDeps":
    """Called while a function starts, so that Typesense's SDK loads then."""
    from callsheet.gateways.typesense_index import TypesenseIndex
    from callsheet.search.deps import IndexingDeps

    return IndexingDeps(clock=clock(), engine=TypesenseIndex())


def search() -> "SearchDeps":
    """Called while a function starts, so that Typesense's SDK loads then."""
    from callsheet.gateways.guarded_search import GuardedSearch
    from callsheet.gateways.search_errors import SearchUnavailable
    from callsheet.gateways.typesense_search import TypesenseSearch
    from callsheet.kernel.page import Cursors
    from callsheet.platform.circuits import Circuit
    from callsheet.platform.metrics import CircuitName
    from callsheet.platform.secrets import secret
    from callsheet.search.current_rules import current_rules
    from callsheet.search.deps import SearchDeps

    return SearchDeps(
        clock=clock(),
        cursors=lambda: Cursors(secret("cursor")["key"]),
        engine=GuardedSearch(TypesenseSearch(), Circuit(CircuitName.SEARCH_ENGINE, SearchUnavailable)),
        current_rules=current_rules,
    )


def search_keys() -> "KeyDeps":
    """For handing out keys, which asks nobody."""
    from callsheet.gateways.typesense_keys import TypesenseKeys
    from callsheet.search.deps import KeyDeps

    return KeyDeps(clock=clock(), keys=TypesenseKeys())


def saved_searches() -> "SavedDeps":
    from callsheet.search.deps import SavedDeps

    return SavedDeps(clock=clock())


def matching() -> "MatchingDeps":
    """For asking in the name of saved searches. Called while a function starts, so that Typesense's SDK loads then."""
    from callsheet.gateways.typesense_client import WRITING_SECONDS
    from callsheet.gateways.typesense_search import TypesenseSearch
    from callsheet.search.deps import MatchingDeps

    return MatchingDeps(clock=clock(), engine=TypesenseSearch(WRITING_SECONDS))


def search_settings() -> "SettingDeps":
    """For changing how the search works: the engine is not asked."""
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret
    from callsheet.search.deps import SettingDeps

    return SettingDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def synonyms() -> "SynonymDeps":
    """Called while a function starts, so that Typesense's SDK loads then."""
    from callsheet.gateways.typesense_synonyms import TypesenseSynonyms
    from callsheet.search.deps import SynonymDeps

    return SynonymDeps(engine=TypesenseSynonyms())


def transfers() -> "TransfersDeps":
    """For use cases that move no money."""
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret
    from callsheet.transfers.deps import TransfersDeps

    return TransfersDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def paying() -> "PayingDeps":
    """For paying providers. Called while a function starts, so that the SDK loads then."""
    from callsheet.gateways.stripe_transfers import StripeTransfers
    from callsheet.transfers.paying_deps import PayingDeps

    return PayingDeps(clock=clock(), transfers=StripeTransfers())


def payouts() -> "PayoutDeps":
    """For payouts to banks. Called while a function starts, so that the SDK loads then."""
    from callsheet.gateways.stripe_payouts import StripePayouts
    from callsheet.transfers.payout_deps import PayoutDeps

    return PayoutDeps(clock=clock(), payouts=StripePayouts())


def wallet() -> "WalletDeps":
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret
    from callsheet.wallet.deps import WalletDeps

    return WalletDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def closing() -> "ClosingDeps":
    """For use cases that do not speak to Stripe."""
    from callsheet.closing.deps import ClosingDeps
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return ClosingDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def balancing() -> "BalancingDeps":
    """For those that hold the ledger against Stripe. Called while a function starts, so that the SDK loads then."""
    from callsheet.closing.deps import BalancingDeps
    from callsheet.gateways.stripe_balance import StripeBalance
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return BalancingDeps(
        clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]), balance=StripeBalance()
    )


def documents() -> "DocumentsDeps":
    from callsheet.documents.deps import DocumentsDeps
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return DocumentsDeps(clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]))


def evidence() -> "EvidenceDeps":
    """For answering banks. Called while a function starts, so that the SDK loads then."""
    from callsheet.documents.deps import EvidenceDeps
    from callsheet.gateways.stripe_disputes import StripeDisputes
    from callsheet.kernel.page import Cursors
    from callsheet.platform.secrets import secret

    return EvidenceDeps(
        clock=clock(), cursors=lambda: Cursors(secret("cursor")["key"]), disputes=StripeDisputes()
    )
