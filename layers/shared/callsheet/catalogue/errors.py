"""What the catalogue refuses."""

from callsheet.kernel.errors import Conflict, InvalidRequest, NotFound


class ProfileNotFound(NotFound):
    code, title = "profile_not_found", "There is no such profile, or it is not yours to see"


class TooManyProfiles(Conflict):
    code, title = "too_many_profiles", "Nobody has more profiles than this"


class TooManyServices(Conflict):
    code, title = "too_many_services", "No profile offers more services than this"


class ServiceNotFound(NotFound):
    code, title = "service_not_found", "This provider has no such service"


class InvalidTerms(InvalidRequest):
    code, title = "invalid_terms", "The parts of this service would not fit together"


class ProfileIncomplete(Conflict):
    """`missing` names what a published profile must have, in stable words."""

    code, title = "profile_incomplete", "A published profile has more than this one would"


class HandleTaken(Conflict):
    code, title = "handle_taken", "Somebody else has this handle"


class HandleReserved(InvalidRequest):
    code, title = "handle_reserved", "Nobody can have this handle"


class OtherRole(InvalidRequest):
    code, title = "other_role", "These details are those of another role than the profile's"


class PictureNotUsable(InvalidRequest):
    """`picture_ids` names those that are not the caller's, or not ready."""

    code, title = "picture_not_usable", "A profile shows pictures of its owner's that are ready"


class SlugTaken(Conflict):
    """Somebody else's title makes the same slug: the next one is taken. Only where that is gone too is it told."""

    code, title = "slug_taken", "Too many profiles have this title"
