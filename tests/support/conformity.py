"""Objects held against the SDK's annotated resource classes: names, types, and what may be null.

`check_answer` is asked of every answer that a simulated Stripe gives in process, whatever the test is about.
"""

import sys
import types
from collections.abc import Hashable, Mapping
from typing import ForwardRef, Literal, Union, get_args, get_origin

import stripe
from stripe._object_classes import get_object_class
from stripe._stripe_object import UntypedStripeObject

# What the SDK's classes inherit from StripeObject and Stripe never sends.
_NOT_SENT = frozenset({"deleted"})
_SEEN: set[Hashable] = set()


class NotAsStripe(AssertionError):
    """The simulator has answered what Stripe never would: what a test sees of it proves nothing."""


def check_answer(answer: Mapping[str, object]) -> None:
    """Raises NotAsStripe; an answer like one that was looked at before is not looked at again."""
    shape = _shape(answer)
    if shape in _SEEN:
        return
    if faults := faults_of_answer(answer):
        raise NotAsStripe("; ".join(faults))
    _SEEN.add(shape)


def faults_of_answer(answer: Mapping[str, object]) -> list[str]:
    """Of one object, of the objects of a list, or of a refusal."""
    if "error" in answer:
        refusal = answer["error"]
        assert isinstance(refusal, dict)
        return _faults_of_fields(refusal, stripe.ErrorObject, "error", are_all_sent=False)
    if answer.get("object") in {"list", "search_result"}:
        objects = answer["data"]
        assert isinstance(objects, list)
        return [fault for obj in objects for fault in faults_of_resource(obj)]
    if answer.get("deleted"):  # no more than the name of what is gone
        return _faults_of_fields(answer, _class_of(answer), str(answer["object"]), are_all_sent=False)
    return faults_of_resource(answer)


def _shape(value: object) -> Hashable:
    """Names and types, and the words among the texts, since words may be those of an enum."""
    match value:
        case dict():
            return tuple((name, _shape(one)) for name, one in value.items())
        case list():
            return frozenset(_shape(one) for one in value)
        case str() if value.isascii() and value.replace("_", "").replace(".", "").isalpha():
            return value
        case _:
            return type(value).__name__


def faults_of(obj: object, annotation: object, path: str, module: Mapping[str, object]) -> list[str]:
    """What is wrong with a value, each as `path: why`."""
    options = _options(annotation, module)
    if any(get_origin(option) is Literal for option in options):
        options = [
            option for option in options if option is not str
        ]  # open for versions to come, not for this one
    if not options or any(not _faults(obj, option, path, module) for option in options):
        return []
    found = [_faults(obj, option, path, module) for option in options]
    return max(found, key=len)


def faults_of_resource(obj: Mapping[str, object]) -> list[str]:
    return _faults_of_fields(obj, _class_of(obj), str(obj["object"]))


def _class_of(obj: Mapping[str, object]) -> type[stripe.StripeObject]:
    return get_object_class("V1", str(obj["object"]))


def _faults(obj: object, option: object, path: str, module: Mapping[str, object]) -> list[str]:
    origin = get_origin(option)
    if origin is Literal:
        return [] if obj in get_args(option) else [f"{path}: {obj!r} is none of {get_args(option)[:9]}"]
    if origin is list and isinstance(obj, list):
        return [fault for one in obj for fault in faults_of(one, get_args(option)[0], f"{path}[]", module)]
    if isinstance(obj, dict) and isinstance(option, type) and issubclass(option, stripe.StripeObject):
        return _faults_of_fields(obj, option, path)
    return [] if type(obj) in _types_of(option) else [f"{path}: {obj!r} is no {option}"]


def _types_of(option: object) -> tuple[type, ...]:
    """The JSON types of what has no parts to look at; a ForwardRef is a class named for type checkers only."""
    if get_origin(option) in {dict, UntypedStripeObject, stripe.ListObject} or isinstance(option, ForwardRef):
        return (dict,)
    if option is None:
        return (type(None),)
    return (option,) if isinstance(option, type) else ()


def _faults_of_fields(
    obj: Mapping[str, object], resource: type[stripe.StripeObject], path: str, *, are_all_sent: bool = True
) -> list[str]:
    module = {**vars(stripe), **vars(sys.modules[resource.__module__])}
    fields = {
        name: annotation
        for name, annotation in resource.__annotations__.items()
        if not name.isupper()  # class variables
    }
    found = [f"{path}.{name}: unknown" for name in obj if name not in fields and name not in _NOT_SENT]
    for name, annotation in fields.items():
        if name in obj:
            found += faults_of(obj[name], annotation, f"{path}.{name}", module)
        elif are_all_sent and type(None) not in _options(annotation, module):
            found.append(f"{path}.{name}: missing")
    return found


def _options(annotation: object, module: Mapping[str, object]) -> list[object]:
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        if annotation not in module:
            return []  # named for type checkers only
        annotation = module[annotation]
    if get_origin(annotation) in {Union, types.UnionType}:
        return [option for part in get_args(annotation) for option in _options(part, module) or [part]]
    return [annotation]
