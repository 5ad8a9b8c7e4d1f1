"""An owner changes what a service is, or sells it no longer; what is booked stays as it was."""

from datetime import datetime

from callsheet.catalogue.completeness import check_stays_complete, completeness_of
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.errors import ServiceNotFound
from callsheet.catalogue.events import ServiceChanged
from callsheet.catalogue.rules import check_own, resold
from callsheet.catalogue.selling import Service, UpdateService
from callsheet.catalogue.store import save_service, service_item, stored_profile
from callsheet.catalogue.views import read_beside
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction


def update_service(
    profile_id: str, service_id: str, command: UpdateService, caller: Principal, deps: CatalogueDeps
) -> Service:
    """Three reads and one transaction; none where nothing changes.

    Raises ProfileNotFound, Forbidden, ServiceNotFound, InvalidTerms where the parts do not fit together, Stale, and
    ProfileIncomplete where a published profile would have nothing to sell.
    """
    now = deps.clock.now()
    if command.version is not None:
        return _update(profile_id, service_id, command, caller, now)
    return decided_anew(lambda: _update(profile_id, service_id, command, caller, now))


def _update(
    profile_id: str, service_id: str, command: UpdateService, caller: Principal, now: datetime
) -> Service:
    item = stored_profile(profile_id)
    profile = item.document
    check_own(profile, caller)
    if command.version not in {None, item.version}:
        raise Stale
    if service_id not in profile.service_ids:
        raise ServiceNotFound
    stored = service_item(service_id)
    services = read_beside([profile]).services_of(profile)
    service = resold(stored.document, command)
    if service == stored.document:
        return service
    after = [service if one.id == service.id else one for one in services]
    if profile.is_published:
        check_stays_complete(completeness_of(profile, services), completeness_of(profile, after))
    txn = Transaction(caller, now)
    save_service(txn, stored, service, item)
    txn.publish(
        ServiceChanged(
            service_id=service.id,
            profile_id=profile.id,
            user_id=profile.user_id,
            profile_version=item.version,
            is_active=service.is_active,
            price=service.price,
            duration_minutes=service.duration_minutes,
        )
    )
    txn.commit()
    return service
