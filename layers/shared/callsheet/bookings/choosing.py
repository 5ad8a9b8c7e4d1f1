"""What is chosen of a service: the package it is taken as, and extras, each a line of the price."""

from datetime import datetime, timedelta
from fractions import Fraction

from callsheet.bookings.errors import NotOffered
from callsheet.bookings.model import Asked
from callsheet.bookings.price import PriceLine
from callsheet.catalogue.selling import Extra, ExtraUnit, Package, Service

_STEP = timedelta(minutes=30)
_STEPS_PER_HOUR = 2


def package_of(asked: Asked, service: Service) -> Package:
    """What is booked: the service itself where no package was chosen. Raises NotOffered."""
    if asked.package is None:
        return Package(
            key="package",
            title=service.title,
            price=service.price,
            duration_minutes=service.duration_minutes,
        )
    for package in service.packages:
        if package.key == asked.package:
            return package
    raise NotOffered(extra={"keys": [asked.package]})


def lines_of(
    asked: Asked, service: Service, starts_at: datetime | None, ends_at: datetime | None
) -> list[PriceLine]:
    """Longer sessions cost in proportion, by started half hours; extras by the hour cost half for half an hour."""
    package = package_of(asked, service)
    own = timedelta(minutes=package.duration_minutes)
    span = ends_at - starts_at if starts_at and ends_at else own
    share = max(Fraction(1), Fraction(_steps(span), _steps(own)))
    amount = package.price.times(share)
    lines = [PriceLine(key="package", title=package.title, amount=amount)]
    for extra in _extras_of(asked, service):
        times = _times(extra.unit, Fraction(_steps(span), _STEPS_PER_HOUR), asked.persons)
        lines.append(PriceLine(key=f"extra:{extra.key}", title=extra.title, amount=extra.price.times(times)))
    return lines


def _extras_of(asked: Asked, service: Service) -> list[Extra]:
    """In the order of the service, so that the same choice is the same price, line by line."""
    unknown = set(asked.extras) - {extra.key for extra in service.extras}
    if unknown:
        raise NotOffered(extra={"keys": sorted(unknown)})
    return [extra for extra in service.extras if extra.key in asked.extras]


def _times(unit: ExtraUnit, hours: Fraction, persons: int) -> Fraction:
    match unit:
        case ExtraUnit.FLAT:
            return Fraction(1)
        case ExtraUnit.PER_HOUR:
            return hours
        case ExtraUnit.PER_PERSON:
            return Fraction(persons)


def _steps(span: timedelta) -> int:
    """Half hours, each counted that was begun."""
    return -(-span // _STEP)
