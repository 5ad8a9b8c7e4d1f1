"""PATCH /v1/profiles/{profile_id}/services/{service_id}: an owner changes what a service is.

What is absent stays. With `is_active` false nobody can book it from now on; what is booked stays as it was.
"""

from callsheet import wiring
from callsheet.catalogue.errors import InvalidTerms, ProfileIncomplete, ProfileNotFound, ServiceNotFound
from callsheet.catalogue.selling import Service, UpdateService
from callsheet.catalogue.update_service import update_service
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale


@endpoint(errors=(ProfileNotFound, ServiceNotFound, InvalidTerms, ProfileIncomplete, Stale))
def handler(profile_id: str, service_id: str, body: UpdateService, caller: Principal) -> Service:
    return update_service(profile_id, service_id, body, caller, wiring.catalogue())
