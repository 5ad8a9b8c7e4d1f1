"""GET /v1/profiles/{profile_id}/services: what a profile sells, with packages and extras, oldest first."""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.list_services import list_services
from callsheet.catalogue.selling import ServiceList
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal


@endpoint(errors=(ProfileNotFound,))
def handler(profile_id: str, caller: Principal) -> ServiceList:
    return list_services(profile_id, caller, wiring.catalogue())
