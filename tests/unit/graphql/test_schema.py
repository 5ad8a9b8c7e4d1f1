"""The schema callers see: complete, guarded, and what they already rely on."""

from collections.abc import Iterator
from enum import StrEnum

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    assert_valid_schema,
    build_schema,
    find_schema_changes,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    validate,
)
from pydantic import BaseModel

from callsheet.amendments.model import AmendmentView, ConsentRequest, ProposalRequest
from callsheet.bookings import model
from callsheet.bookings.cancellation import Band, CancellationPolicy
from callsheet.bookings.price import PriceLine
from callsheet.bookings.rules import BookingStatus, CancelReason
from callsheet.catalogue import details, favourites
from callsheet.catalogue import model as catalogue
from callsheet.catalogue.home import Home
from callsheet.catalogue.selling import (
    CreateService,
    Extra,
    ExtraUnit,
    Package,
    PolicyKey,
    Service,
    UpdateService,
)
from callsheet.documents.model import DocumentFormat
from callsheet.gateways.payouts import BankPayoutStatus, PayoutMethod
from callsheet.graphql.binding import requirements
from callsheet.graphql.naming import snake_case
from callsheet.graphql.schema import schema, sdl
from callsheet.kernel.page import PageQuery
from callsheet.payments.model import PaymentStatus
from callsheet.reviews import model as reviews
from callsheet.search import saved
from callsheet.transfers.model import Delay, TransferStatus
from callsheet.wallet.lines import LineKind

_SCHEMA = schema()


def _described() -> Iterator[tuple[str, str | None]]:
    for name, kind in _SCHEMA.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", kind.values[value].description) for value in kind.values)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}", field.description
                yield from (
                    (f"{name}.{field_name}({arg})", field.args[arg].description) for arg in field.args
                )
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", kind.fields[field].description) for field in kind.fields)


def test_the_sdl_is_valid() -> None:
    assert_valid_schema(build_schema(sdl()))


def test_the_schema_without_its_descriptions_is_the_same_schema() -> None:
    bare = schema(is_described=False)
    changed = [change.description for change in find_schema_changes(_SCHEMA, bare)]
    assert changed
    assert [one for one in changed if not one.startswith("Description of")] == []
    assert all(
        kind.description is None for name, kind in bare.type_map.items() if name in {"Booking", "Party"}
    )
    for name in ("createBooking", "hideReview"):
        (mutations, bare_ones) = (_SCHEMA.mutation_type, bare.mutation_type)
        assert mutations is not None
        assert bare_ones is not None
        assert requirements(bare, bare_ones.fields[name]) == requirements(_SCHEMA, mutations.fields[name])


@pytest.mark.parametrize(("path", "description"), list(_described()))
def test_everything_in_the_schema_has_a_description(path: str, description: str | None) -> None:
    assert description, path


@pytest.mark.parametrize("root", [_SCHEMA.query_type, _SCHEMA.mutation_type])
def test_every_root_field_says_who_may_use_it(root: GraphQLObjectType) -> None:
    assert [name for name, field in root.fields.items() if not requirements(_SCHEMA, field)] == []


def test_only_providers_accept() -> None:
    assert _SCHEMA.mutation_type is not None
    required = requirements(_SCHEMA, _SCHEMA.mutation_type.fields["acceptBooking"])
    assert required is not None
    assert "USER" not in required


@pytest.mark.parametrize(
    ("type_name", "field", "signature"),
    [
        ("Booking", "id", "ID!"),
        ("Booking", "client", "User!"),
        ("Booking", "provider", "User!"),
        ("Booking", "status", "BookingStatus!"),
        ("Booking", "amount", "Int!"),
        ("Booking", "createdAt", "DateTime!"),
        ("Query", "booking", "Booking"),
        ("Query", "bookings", "[Booking!]!"),
        ("Mutation", "createBooking", "Booking!"),
        ("Mutation", "acceptBooking", "Booking!"),
    ],
)
def test_what_callers_rely_on_keeps_its_type(type_name: str, field: str, signature: str) -> None:
    kind = _SCHEMA.type_map[type_name]
    assert isinstance(kind, GraphQLObjectType)
    assert str(kind.fields[field].type) == signature


@pytest.mark.parametrize(
    "document",
    [
        'mutation { createBooking(input: {clientId: "a", providerId: "b", amount: 100}) { id amount } }',
        'mutation { acceptBooking(id: "a") { status } }',
        '{ booking(id: "a") { id client { id } provider { id } status amount createdAt } bookings { id } }',
        "query($filter: BookingFilter) { bookings(filter: $filter) { id } }",
    ],
)
def test_documents_that_callers_already_send_stay_valid(document: str) -> None:
    assert validate(_SCHEMA, parse(document)) == []


def test_a_status_has_the_four_values_of_the_product_and_no_others() -> None:
    status = _SCHEMA.type_map["BookingStatus"]
    assert isinstance(status, GraphQLEnumType)
    assert set(status.values) == {"pending", "accepted", "completed", "cancelled"}


_DETAILS = (
    details.ModelDetails,
    details.PhotographerDetails,
    details.VideographerDetails,
    details.StylistDetails,
    details.MakeupArtistDetails,
    details.EditorDetails,
    details.CreatorDetails,
)


@pytest.mark.parametrize(
    ("enum", "values"),
    [
        ("ProfileRole", details.ProfileRole),
        ("Experience", details.Experience),
        ("StudioAccess", details.StudioAccess),
        ("Platform", details.Platform),
        ("PolicyKey", PolicyKey),
        ("ExtraUnit", ExtraUnit),
        ("ReportReason", reviews.ReportReason),
        ("WalletLineKind", LineKind),
        ("TransferStatus", TransferStatus),
        ("TransferDelay", Delay),
        ("BankPayoutStatus", BankPayoutStatus),
        ("PayoutMethod", PayoutMethod),
        ("BookingStatus", BookingStatus),
        ("CancellationReason", CancelReason),
        ("PaymentStatus", PaymentStatus),
        ("DocumentFormat", DocumentFormat),
    ],
)
def test_an_enum_has_the_values_of_rest_s(enum: str, values: type[StrEnum]) -> None:
    kind = _SCHEMA.type_map[enum]
    assert isinstance(kind, GraphQLEnumType)
    assert set(kind.values) == set(values)


def test_each_role_has_details_of_its_own_to_read_and_to_write() -> None:
    kind, asked = _SCHEMA.type_map["ProfileDetails"], _SCHEMA.type_map["ProfileDetailsInput"]
    assert isinstance(kind, GraphQLInterfaceType)
    assert isinstance(asked, GraphQLInputObjectType)
    assert asked.is_one_of
    assert {one.name for one in _SCHEMA.get_possible_types(kind)} == {one.__name__ for one in _DETAILS}
    assert {snake_case(name) for name in asked.fields} == set(details.ProfileRole)
    for name, field in asked.fields.items():
        (shown,) = (one for one in _DETAILS if snake_case(name) in str(one.model_fields["role"].annotation))
        written = get_named_type(field.type)
        assert isinstance(written, GraphQLInputObjectType)
        assert {snake_case(one) for one in written.fields} == set(shown.model_fields) - {"role"}


# What REST answers elsewhere: a document may follow the arrows between things.
_BESIDES = {"Booking": {"transfer", "amendments", "profile", "reviews"}, "ProfileCard": {"page"}}


@pytest.mark.parametrize(
    ("type_name", "view"),
    [
        ("Booking", model.BookingView),
        ("BookingPage", model.BookingPage),
        ("Cancellation", model.CancellationView),
        ("CancellationPolicy", CancellationPolicy),
        ("Payment", model.PaymentView),
        ("Price", model.PriceView),
        ("PriceLine", PriceLine),
        ("Quote", model.QuoteView),
        ("QuoteLine", model.QuoteLine),
        ("RefundBand", Band),
        ("Timeline", model.Timeline),
        ("TimelineEntry", model.TimelineEntry),
        ("Amendment", AmendmentView),
        ("Profile", catalogue.ProfileView),
        ("Rating", catalogue.Rating),
        ("Completeness", catalogue.Completeness),
        ("Home", Home),
        ("Service", Service),
        ("Package", Package),
        ("Extra", Extra),
        ("Following", details.Following),
        *((kind.__name__, kind) for kind in _DETAILS),
        ("ProfileCard", favourites.ProfileCard),
        ("Favourite", favourites.FavouriteView),
        ("FavouritePage", favourites.FavouritePage),
        ("Review", reviews.ReviewView),
        ("ReviewPage", reviews.ReviewPage),
        ("SaidReview", reviews.SaidView),
        ("ReviewExchange", reviews.ExchangeView),
        ("ReviewReport", reviews.Report),
        ("ReviewHiding", reviews.Hiding),
        ("SavedSearch", saved.SavedSearchView),
    ],
)
def test_what_rest_shows_graphql_shows_too(type_name: str, view: type[BaseModel]) -> None:
    kind = _SCHEMA.type_map[type_name]
    assert isinstance(kind, GraphQLObjectType)
    people = {"client": "client_id", "provider": "provider_id"}
    shown = {people.get(name, snake_case(name)) for name in kind.fields} - _BESIDES.get(type_name, set())
    assert shown == set(view.model_fields)


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("bookingsPage", model.BookingQuery),
        ("bookingTimeline", PageQuery),
        ("quote", model.QuoteBooking),
        ("createBooking", model.CreateBooking),
        ("cancelBooking", model.CancelRequest),
        ("reportProblem", model.ProblemReport),
        ("proposeAmendment", ProposalRequest),
        ("acceptAmendment", ConsentRequest),
        ("favourites", PageQuery),
        ("profileReviews", PageQuery),
        ("clientReviews", PageQuery),
        ("createProfile", catalogue.CreateProfile),
        ("updateProfile", catalogue.UpdateProfile),
        ("createService", CreateService),
        ("updateService", UpdateService),
        ("writeReview", reviews.WriteReview),
        ("reportReview", reviews.ReportReview),
        ("hideReview", reviews.HideReview),
        ("saveSearch", saved.SaveSearch),
        ("updateSavedSearch", saved.UpdateSavedSearch),
    ],
)
def test_what_rest_can_be_asked_graphql_can_too(field: str, asked: type[BaseModel]) -> None:
    roots = (_SCHEMA.query_type, _SCHEMA.mutation_type)
    (found,) = (root.fields[field] for root in roots if root is not None and field in root.fields)
    names = set(found.args) - {"id", "bookingId", "profileId", "userId"}
    for argument in found.args.values():
        if isinstance(kind := get_named_type(argument.type), GraphQLInputObjectType):
            names |= set(kind.fields)
    assert {snake_case(name) for name in names - {"input", "filter"}} == set(asked.model_fields)
