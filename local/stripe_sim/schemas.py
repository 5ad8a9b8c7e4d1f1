"""What a parameter may be, read off the SDK's typed params: its TypedDicts are Stripe's published description.

A union of literals with `str` is an enum that future versions may extend; here it means just its literals.
"""

import sys
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ForwardRef, Literal, NotRequired, Required, Union, get_args, get_origin

from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

type Annotation = object

_OPTIONS = frozenset(RequestOptions.__annotations__)


@dataclass(slots=True)
class Schema:
    """All that one parameter may be; what is None or empty it may not."""

    is_text: bool = False
    is_whole: bool = False
    is_number: bool = False
    is_flag: bool = False
    is_clearable: bool = False
    values: tuple[str, ...] = ()
    fields: tuple[
        type, ...
    ] = ()  # several where an object may be one of several kinds, told apart by `object`
    items: "Schema | None" = None
    is_map: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """The parameters of one call, or of one object among them."""

    schemas: Mapping[str, Schema]
    required: frozenset[str]


@cache
def fields_of(params: type) -> Fields:
    """The parameters of a TypedDict of the SDK, less its request options."""
    module = vars(sys.modules[params.__module__])
    annotations: dict[str, Annotation] = dict(params.__annotations__)
    required: frozenset[str] = getattr(params, "__required_keys__", frozenset())
    options = _OPTIONS if set(annotations) >= _OPTIONS else frozenset[str]()
    schemas = {name: _schema(a, module) for name, a in annotations.items() if name not in options}
    return Fields(schemas, required - options)


def _schema(annotation: Annotation, module: Mapping[str, object]) -> Schema:
    schema = Schema()
    for option in _options(annotation, module):
        _allow(schema, option, module)
    if any(schema.values):
        schema.is_text = False
    return schema


def _options(annotation: Annotation, module: Mapping[str, object]) -> list[Annotation]:
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        # The annotations of an installed package, not anything that was sent.
        annotation = eval(annotation, dict(module))  # noqa: S307
    origin = get_origin(annotation)
    if origin in {NotRequired, Required}:
        return _options(get_args(annotation)[0], module)
    if origin in {Union, types.UnionType}:
        return [option for part in get_args(annotation) for option in _options(part, module)]
    return [annotation]


def _allow(schema: Schema, option: Annotation, module: Mapping[str, object]) -> None:
    origin = get_origin(option)
    if origin is Literal:
        texts = tuple(str(value) for value in get_args(option))
        schema.is_clearable |= "" in texts
        schema.values += tuple(text for text in texts if text)
    elif origin is list:
        schema.items = _schema(get_args(option)[0], module)
    elif origin in {dict, UntypedStripeObject}:
        schema.is_map = True
    elif isinstance(option, type) and is_typeddict(option):
        schema.fields += (option,)
    elif option in _SCALARS:
        setattr(schema, _SCALARS[option], True)
    else:
        raise TypeError(f"no parameter is known to be {option!r}")


_SCALARS: Mapping[Annotation, str] = {
    Any: "is_text",  # a file, of which a form has the name
    str: "is_text",
    int: "is_whole",
    float: "is_number",
    bool: "is_flag",
}
