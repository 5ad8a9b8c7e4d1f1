"""`expand[]`: an id is replaced by the object it names, where the SDK's resource class says that it may be."""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import ForwardRef, get_args

import stripe

from local.stripe_sim.errors import Refusal
from local.stripe_sim.listing import list_of
from local.stripe_sim.shapes import Json, Obj, Params, text_of
from local.stripe_sim.world import World

_MAX_DEPTH = 4
_CLASSES = {
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "customer": stripe.Customer,
    "payment_method": stripe.PaymentMethod,
    "setup_intent": stripe.SetupIntent,
    "balance_transaction": stripe.BalanceTransaction,
    "dispute": stripe.Dispute,
    "transfer": stripe.Transfer,
    "account": stripe.Account,
}


def check_expandable(paths: Sequence[str], path: str, *, is_list: bool) -> None:
    """Refuse what the answer of a call to `path` cannot have expanded, before anything is done."""
    kinds = [part.removesuffix("s") for part in path.split("/") if part.removesuffix("s") in _CLASSES]
    if not kinds:
        return
    for wanted in paths:
        steps = wanted.split(".")
        if len(steps) > _MAX_DEPTH:
            raise Refusal(
                f"You cannot expand more than {_MAX_DEPTH} levels of a property. Property: {wanted}",
                is_before_execution=True,
            )
        if is_list and steps[0] != "data":
            raise _not_expandable(steps[0], "data.")
        _check_steps(kinds[-1], steps[1:] if is_list else steps)


def _check_steps(kind: str, steps: Sequence[str]) -> None:
    if not steps:
        return
    if (kind, steps[0]) == ("charge", "refunds"):
        return
    kinds = _expandable(kind).get(steps[0])
    if kinds is not None:
        if len(kinds) == 1:
            _check_steps(next(iter(kinds)), steps[1:])
    elif len(steps) == 1 or steps[0] not in _CLASSES[kind].__annotations__:
        raise _not_expandable(steps[0])


def expanded(answer: Obj, paths: Sequence[str], world: World) -> Obj:
    """A copy of the answer with everything in `paths` filled in. Raises Refusal for what cannot be expanded."""
    copy = deepcopy(answer)
    for path in paths:
        _expand(copy, path.split("."), world)
    return copy


def _expand(obj: Obj, steps: Sequence[str], world: World) -> None:
    step, rest = steps[0], steps[1:]
    if obj.get("object") == "list" and step == "data":
        _deeper(obj.get("data"), rest, world)
        return
    kind = str(obj.get("object", ""))
    if kind in _CLASSES:
        if (kind, step) == ("charge", "refunds"):
            obj[step] = _refunds(obj, world)
        elif step in _expandable(kind):
            obj[step] = _filled(obj.get(step), _expandable(kind)[step], world)
        elif not rest or not isinstance(obj.get(step), dict):
            raise _not_expandable(step)
    elif step not in obj:
        raise _not_expandable(step)
    _deeper(obj.get(step), rest, world)


def _deeper(value: Json, rest: Sequence[str], world: World) -> None:
    if not rest:
        return
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            _expand(item, rest, world)


def _filled(value: Json, kinds: frozenset[str], world: World) -> Json:
    if not isinstance(value, str):
        return value
    for kind in sorted(kinds):
        found = world.kept(kind).get(value)
        if found is not None:
            return deepcopy(found)
    return value


def _refunds(charge: Obj, world: World) -> Obj:
    charge_id = text_of(charge, "id")
    url = f"/v1/charges/{charge_id}/refunds"
    mine = [refund for refund in world.kept("refund").values() if refund["charge"] == charge_id]
    return deepcopy(list_of(mine, Params(), url))


@cache
def _expandable(kind: str) -> dict[str, frozenset[str]]:
    """Attribute → the kinds of object it may hold instead of an id."""
    resource = _CLASSES[kind]
    fields = {name: _kinds(annotation) for name, annotation in resource.__annotations__.items()}
    return {name: kinds for name, kinds in fields.items() if kinds}


def _kinds(annotation: object) -> frozenset[str]:
    """The kinds beside `str` in `Union[str, ForwardRef("Charge"), None]`."""
    options = get_args(annotation)
    if str not in options:
        return frozenset()
    names = {
        option.__forward_arg__.removesuffix("Resource")
        for option in options
        if isinstance(option, ForwardRef)
    }
    return frozenset(kind for kind, resource in _CLASSES.items() if resource.__name__ in names)


def _not_expandable(step: str, instead: str = "") -> Refusal:
    hint = f" You may want to try expanding '{instead}{step}' instead." if instead else ""
    return Refusal(
        f"This property cannot be expanded ({step}).{hint}", param="expand", is_before_execution=True
    )
