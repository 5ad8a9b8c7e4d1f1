"""What the catalogue refuses."""

from callsheet.kernel.errors import Conflict, NotFound


class ProfileNotFound(NotFound):
    code, title = "profile_not_found", "There is no such profile, or it is not yours to see"


class TooManyProfiles(Conflict):
    code, title = "too_many_profiles", "Nobody has more profiles than this"


class TooManyServices(Conflict):
    code, title = "too_many_services", "No profile offers more services than this"
