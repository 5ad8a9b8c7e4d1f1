"""POST /v1/profiles/{profile_id}/services: a profile has something new to sell."""

from callsheet import wiring
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.errors import ProfileNotFound, TooManyServices
from callsheet.catalogue.selling import CreateService, Service
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(status=201, errors=(ProfileNotFound, TooManyServices, Stale))
def handler(profile_id: str, body: CreateService, caller: Principal) -> Service:
    return create_service(profile_id, body, caller, wiring.catalogue())
