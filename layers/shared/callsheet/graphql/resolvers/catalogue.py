"""Fields about profiles, what they sell, and who keeps them: each calls the use case that REST calls too."""

from collections.abc import Awaitable, Callable, Mapping

from callsheet.bookings.model import BookingView
from callsheet.catalogue.add_favourite import add_favourite
from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.favourites import FavouritePage, FavouriteView, ProfileCard
from callsheet.catalogue.find_profile import find_by_handle, find_by_slug
from callsheet.catalogue.get_own_profile import get_own_profile
from callsheet.catalogue.list_favourites import list_favourites
from callsheet.catalogue.list_my_profiles import list_my_profiles
from callsheet.catalogue.model import CreateProfile, OwnProfileView, ProfileView, UpdateProfile
from callsheet.catalogue.publish_profile import publish_profile
from callsheet.catalogue.remove_favourite import remove_favourite
from callsheet.catalogue.selling import CreateService, Service, UpdateService
from callsheet.catalogue.unpublish_profile import unpublish_profile
from callsheet.catalogue.update_profile import update_profile
from callsheet.catalogue.update_service import update_service
from callsheet.graphql.binding import KIND, Resolvers
from callsheet.graphql.context import Context
from callsheet.graphql.naming import given
from callsheet.kernel.page import PageQuery

type Input = dict[str, object]


def _found[V](find: Callable[[], V]) -> V | None:
    try:
        return find()
    except ProfileNotFound:
        return None


def _profile(_source: object, context: Context, id: str) -> Awaitable[ProfileView | None]:  # noqa: A002
    return context.loaders.profile(id)


def _by_handle(_source: object, context: Context, handle: str) -> ProfileView | None:
    return _found(lambda: find_by_handle(handle, context.caller, context.sources.catalogue()))


def _by_slug(_source: object, context: Context, slug: str) -> ProfileView | None:
    return _found(lambda: find_by_slug(slug, context.caller, context.sources.catalogue()))


def _my_profiles(_source: object, context: Context) -> list[OwnProfileView]:
    return list(list_my_profiles(context.caller, context.sources.catalogue()).items)


def _my_profile(_source: object, context: Context, id: str) -> OwnProfileView | None:  # noqa: A002
    return _found(lambda: get_own_profile(id, context.caller, context.sources.catalogue()))


def _favourites(_source: object, context: Context, **page: object) -> FavouritePage:
    query = PageQuery.model_validate(given(page))
    return list_favourites(query, context.caller, context.sources.listing())


def _create_profile(_source: object, context: Context, input: Input) -> OwnProfileView:  # noqa: A002
    command = CreateProfile.model_validate(given(input))
    return create_profile(command, context.caller, context.sources.catalogue())


def _update_profile(_source: object, context: Context, id: str, input: Input) -> OwnProfileView:  # noqa: A002
    """What is null is taken away, so it is not the same as absent."""
    details = input.get("details")
    changed = {**input, "details": _details_of(details)} if isinstance(details, Mapping) else input
    command = UpdateProfile.model_validate(changed)
    return update_profile(id, command, context.caller, context.sources.editing())


def _details_of(one_of: Mapping[str, object]) -> Input:
    """`{photographer: {…}}`, of which there is exactly one, as REST says it: `{"role": "photographer", …}`."""
    ((role, details),) = one_of.items()
    return {"role": role, **given(details if isinstance(details, Mapping) else {})}


def _publish(_source: object, context: Context, id: str) -> OwnProfileView:  # noqa: A002
    return publish_profile(id, context.caller, context.sources.catalogue())


def _unpublish(_source: object, context: Context, id: str) -> OwnProfileView:  # noqa: A002
    return unpublish_profile(id, context.caller, context.sources.catalogue())


def _create_service(_source: object, context: Context, profile_id: str, input: Input) -> Service:  # noqa: A002
    command = CreateService.model_validate(given(input))
    return create_service(profile_id, command, context.caller, context.sources.catalogue())


def _update_service(
    _source: object,
    context: Context,
    profile_id: str,
    id: str,  # noqa: A002
    input: Input,  # noqa: A002
) -> Service:
    command = UpdateService.model_validate(input)
    return update_service(profile_id, id, command, context.caller, context.sources.catalogue())


def _add_favourite(_source: object, context: Context, profile_id: str) -> FavouriteView:
    return add_favourite(profile_id, context.caller, context.sources.catalogue())


def _remove_favourite(_source: object, context: Context, profile_id: str) -> str:
    remove_favourite(profile_id, context.caller, context.sources.catalogue())
    return profile_id


def _itself(own: OwnProfileView, _context: Context) -> ProfileView:
    return own


def _page_of(card: ProfileCard, context: Context) -> Awaitable[ProfileView | None]:
    return context.loaders.profile(card.id)


def _booked(booking: BookingView, context: Context) -> Awaitable[ProfileView | None]:
    return context.loaders.profile(booking.profile_id)


RESOLVERS: Resolvers = {
    "Query": {
        "profile": _profile,
        "profileByHandle": _by_handle,
        "profileBySlug": _by_slug,
        "myProfiles": _my_profiles,
        "myProfile": _my_profile,
        "favourites": _favourites,
    },
    "Mutation": {
        "createProfile": _create_profile,
        "updateProfile": _update_profile,
        "publishProfile": _publish,
        "unpublishProfile": _unpublish,
        "createService": _create_service,
        "updateService": _update_service,
        "addFavourite": _add_favourite,
        "removeFavourite": _remove_favourite,
    },
    "OwnProfile": {"profile": _itself},
    "ProfileCard": {"page": _page_of},
    "Booking": {"profile": _booked},
    # Each role's details are of a class of their own, named like their type.
    "ProfileDetails": {KIND: lambda details: type(details).__name__},
}
