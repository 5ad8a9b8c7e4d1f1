"""GET /v1/slugs/{slug}: the public page of the profile whose title makes this slug."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.find_profile import find_by_slug
from callsheet.catalogue.model import ProfileView
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(errors=(ProfileNotFound,))
def handler(slug: str, caller: Principal) -> ProfileView:
    return find_by_slug(slug, caller, wiring.catalogue())
