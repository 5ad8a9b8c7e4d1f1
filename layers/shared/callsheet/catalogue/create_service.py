"""A profile has something new to sell."""

from datetime import datetime

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.events import ServiceCreated
from callsheet.catalogue.rules import check_own, check_room_for_service
from callsheet.catalogue.selling import CreateService, Service
from callsheet.catalogue.store import add_service, profile_from, profile_key
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.once import claim_and_answer, earlier, record_keys
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def create_service(
    profile_id: str, command: CreateService, caller: Principal, deps: CatalogueDeps
) -> Service:
    """One batch read and one transaction, again where the profile changed in between.

    Raises ProfileNotFound, Forbidden where the profile is somebody else's, TooManyServices.
    """
    return decided_anew(lambda: _create(profile_id, command, caller, deps.clock.now()))


def _create(profile_id: str, command: CreateService, caller: Principal, now: datetime) -> Service:
    key = caller.request_key
    found, *records = get_together([profile_key(profile_id), *record_keys(key)])
    answered = earlier(Service, records[0] if records else None, key, now)
    if isinstance(answered, Service):
        return answered
    item = profile_from(found)
    profile = item.document
    check_own(profile, caller)
    check_room_for_service(profile)
    service = Service(**dict(command), id=new_id("svc"), profile_id=profile.id, user_id=profile.user_id)
    txn = Transaction(caller, now)
    claim_and_answer(txn, key, service, now)
    add_service(txn, service, item)
    txn.publish(
        ServiceCreated(
            service_id=service.id,
            profile_id=profile.id,
            user_id=profile.user_id,
            price=service.price,
            duration_minutes=service.duration_minutes,
            profile_version=item.version,
        )
    )
    txn.commit()
    return service
