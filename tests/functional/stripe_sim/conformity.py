"""Objects held against the SDK's annotated resource classes: names, types, and what may be null."""

import sys
import types
from collections.abc import Mapping
from typing import ForwardRef, Literal, Union, get_args, get_origin

import stripe
from stripe._object_classes import get_object_class
from stripe._stripe_object import UntypedStripeObject

# What the SDK's classes inherit from StripeObject and Stripe never sends.
_NOT_SENT = frozenset({"deleted"})


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
    kind = str(obj["object"])
    return _faults_of_fields(obj, get_object_class("V1", kind), kind)


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


def _faults_of_fields(obj: Mapping[str, object], resource: type[stripe.StripeObject], path: str) -> list[str]:
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
        elif type(None) not in _options(annotation, module):
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
