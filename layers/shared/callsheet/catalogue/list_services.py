"""What a profile sells."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.get_profile import get_profile
from callsheet.catalogue.selling import ServiceList
from callsheet.kernel.principal import Principal


def list_services(profile_id: str, caller: Principal, deps: CatalogueDeps) -> ServiceList:
    """What everybody can book. Raises ProfileNotFound also for a draft, except to its owner."""
    return ServiceList(items=get_profile(profile_id, caller, deps).services)
