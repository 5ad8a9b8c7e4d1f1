"""Who gives what of money that goes back: the parts of a payment, and their sums and differences."""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, Field, model_validator

from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money, total, zero


class RefundSplit(BaseModel):
    """Who gives what of a refund. `payable` and `provider_fee` together are what goes back of the subtotal.

    `goodwill` is given by the platform on top of its fees: nobody else's part becomes smaller for it. It is negative
    where the parts now give what the platform had given in their place.
    """

    model_config = FROZEN

    payable: Money = Field(description="Taken from what the provider would get")
    provider_fee: Money = Field(description="Taken from the fee the provider would pay")
    service_tax: Money
    client_fee: Money
    fee_tax: Money
    goodwill: Money | None = Field(default=None, description="Given by the platform")
    total: Money = Field(description="What the client gets back")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if total([*self.parts, self.given], self.total.currency) != self.total:
            raise ValueError("the parts are not the refund")
        return self

    @property
    def parts(self) -> tuple[Money, Money, Money, Money, Money]:
        """What comes out of the payment's own parts, in the order of the fields."""
        return (self.payable, self.provider_fee, self.service_tax, self.client_fee, self.fee_tax)

    @property
    def given(self) -> Money:
        """The platform's goodwill, zero where there is none."""
        return self.goodwill or zero(self.total.currency)

    @property
    def is_nothing(self) -> bool:
        """Nobody gives anything. A total of nothing may say that the parts give what the platform had given."""
        return self.total.is_zero and all(part.is_zero for part in self.parts)

    def plus(self, other: "RefundSplit") -> "RefundSplit":
        """Both together."""
        parts = [one + another for one, another in zip(self.parts, other.parts, strict=True)]
        return split_of(parts, self.given + other.given)

    def less(self, returned: "RefundSplit | None", paid: Money | None = None) -> "RefundSplit":
        """What of it is still to go back after `returned`; no part becomes negative.

        With `paid` both together are no more than that: what the platform has given in place of the parts comes back
        to it out of them.
        """
        if returned is None:
            return self
        nothing = zero(self.total.currency)
        parts = [max(wanted - gone, nothing) for wanted, gone in zip(self.parts, returned.parts, strict=True)]
        if paid is None:
            return split_of(parts)
        too_much = total([*parts, returned.total], paid.currency) - paid
        return split_of(parts, -max(too_much, nothing))

    def capped(self, most: Money) -> "RefundSplit":
        """No more than `most` in all: less of the platform's goodwill first, then less of each part."""
        too_much = self.total - most
        if too_much.amount_minor <= 0:
            return self
        given = min(too_much, max(self.given, zero(most.currency)))
        less = share_out(too_much - given, self.parts)
        parts = [part - share for part, share in zip(self.parts, less, strict=True)]
        return split_of(parts, self.given - given)


def split_of(parts: Sequence[Money], goodwill: Money | None = None) -> RefundSplit:
    """A split of five parts, in the order of its fields."""
    payable, provider_fee, service_tax, client_fee, fee_tax = parts
    given = None if goodwill is None or goodwill.is_zero else goodwill
    currency = payable.currency
    return RefundSplit(
        payable=payable,
        provider_fee=provider_fee,
        service_tax=service_tax,
        client_fee=client_fee,
        fee_tax=fee_tax,
        goodwill=given,
        total=total([*parts, *([given] if given else [])], currency),
    )


def parted(split: RefundSplit, to_wallet: Money) -> tuple[RefundSplit | None, RefundSplit | None]:
    """Who gives what of a refund to the card, and what of the rest, `to_wallet`; None where nothing goes there.

    What comes back to the platform of its goodwill goes with the card's part, where there is one.
    """
    if to_wallet.is_zero:
        return split, None
    if to_wallet == split.total:
        return None, split
    nothing = zero(to_wallet.currency)
    *rooms, given = share_out(to_wallet, [*split.parts, max(split.given, nothing)])
    rest = [part - room for part, room in zip(split.parts, rooms, strict=True)]
    return split_of(rest, split.given - given), split_of(rooms, given)


def share_out(amount: Money, rooms: Sequence[Money]) -> tuple[Money, ...]:
    """`amount` over `rooms` in proportion, none above its room and no unit lost; ValueError where they are too small.

    Rounded down; the units that are left go to the largest rooms that have space.
    """
    space, left = [room.amount_minor for room in rooms], amount.amount_minor
    if not 0 <= left <= sum(space):
        raise ValueError("the rooms are too small")
    whole = sum(space) or 1
    shares = [left * room // whole for room in space]
    rest = left - sum(shares)
    for index in sorted(range(len(space)), key=lambda index: -space[index]):
        taken = min(rest, space[index] - shares[index])
        shares[index] += taken
        rest -= taken
    return tuple(Money.of(share, amount.currency) for share in shares)
