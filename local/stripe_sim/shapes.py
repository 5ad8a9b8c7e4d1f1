"""The shapes that travel: JSON, form fields, and validated parameters with typed access."""

from collections.abc import Mapping
from dataclasses import dataclass, field

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
type Obj = dict[str, Json]
type Form = str | list[Form] | dict[str, Form]


def as_json(form: Form | dict[str, Form]) -> Json:
    """Form fields as they came, to be shown."""
    if isinstance(form, dict):
        return {name: as_json(value) for name, value in form.items()}
    return [as_json(item) for item in form] if isinstance(form, list) else form


def text_of(obj: Mapping[str, Json], name: str) -> str:
    value = obj[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text: {value!r}")
    return value


def maybe_text_of(obj: Mapping[str, Json], name: str) -> str | None:
    return None if obj.get(name) is None else text_of(obj, name)


def whole_of(obj: Mapping[str, Json], name: str) -> int:
    value = obj[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} is no whole number: {value!r}")
    return value


def inner_of(obj: Mapping[str, Json], name: str) -> Obj:
    value = obj[name]
    if not isinstance(value, dict):
        raise TypeError(f"{name} is no object: {value!r}")
    return value


@dataclass(frozen=True, slots=True)
class Params:
    """Validated parameters: what is asked for by name has the type that the SDK's annotations promised."""

    values: Obj = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        return text_of(self.values, name)

    def maybe_text(self, name: str) -> str | None:
        return maybe_text_of(self.values, name)

    def whole(self, name: str) -> int:
        return whole_of(self.values, name)

    def maybe_whole(self, name: str) -> int | None:
        return None if self.values.get(name) is None else self.whole(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.values.get(name)
        return value if isinstance(value, bool) else default

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name)
        return [str(item) for item in value] if isinstance(value, list) else []

    def inner(self, name: str) -> "Params":
        value = self.values.get(name)
        return Params(value) if isinstance(value, dict) else Params()
