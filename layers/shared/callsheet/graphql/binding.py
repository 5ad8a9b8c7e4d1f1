"""Attaches resolvers to an SDL schema: by name, behind the rules that stand in the SDL: who may, and how often."""

from collections.abc import Awaitable, Callable, Mapping
from operator import attrgetter

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
)
from graphql.execution import get_directive_values

from callsheet.graphql.caller import HasCaller
from callsheet.graphql.naming import snake_case
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.principal import ActorType, Principal, Role
from callsheet.kernel.routing import RateClass
from callsheet.platform.clock import clock
from callsheet.platform.rate_limit import take_token

# A resolver takes the object its field stands on, the request's context and the field's arguments in
# snake_case.
type Resolver = Callable[..., object | Awaitable[object]]
type Resolvers = Mapping[str, Mapping[str, Resolver]]  # type name → field name → resolver

# In place of a field's name, for an interface: what takes an object and names its type.
KIND = "__kind"
_ROOTS = frozenset({"Query", "Mutation"})


class UnboundSchema(Exception):
    """SDL and resolvers do not match: a mistake of ours that shows at start-up and in the tests."""


def bind(schema: GraphQLSchema, *tables: Resolvers) -> None:
    """Attach the resolvers of all tables to `schema`.

    A field without a resolver reads the attribute of the same name in snake_case. UnboundSchema where a
    resolver has no field, a root field no resolver or no `@auth`, an interface nothing that tells its types apart, or a
    type not the rules of its interface.
    """
    resolvers = {
        (kind, name): fn for table in tables for kind, fields in table.items() for name, fn in fields.items()
    }
    for type_name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLInputObjectType):
            for name, input_field in kind.fields.items():
                input_field.out_name = snake_case(name)
        if isinstance(kind, GraphQLObjectType) and not type_name.startswith("__"):
            _keep_rules(schema, kind)
            for name, field in kind.fields.items():
                _attach(schema, type_name, name, field, resolvers.pop((type_name, name), None))
        if isinstance(kind, GraphQLInterfaceType) and not type_name.startswith("__"):
            kind.resolve_type = _kind_by(type_name, resolvers.pop((type_name, KIND), None))
    if resolvers:
        raise UnboundSchema(f"No such fields: {sorted(resolvers)}")


def requirements(schema: GraphQLSchema, field: GraphQLField) -> tuple[str, ...] | None:
    """What the field's `@auth` requires; None where it has no such directive."""
    values = _directive(schema, field, "auth")
    return tuple(values["requires"]) if values else None


def rate_of(schema: GraphQLSchema, field: GraphQLField) -> RateClass | None:
    """The bucket that the field's `@limited` names; None where it costs no token beyond the request's own."""
    values = _directive(schema, field, "limited")
    return RateClass(values["class"][0].lower()) if values else None


def allows(required: tuple[str, ...], caller: Principal) -> bool:
    """True where the caller meets one of the requirements."""
    if caller.type is not ActorType.USER:
        return False
    return any(one == "USER" or Role(one.lower()) in caller.roles for one in required)


def _directive(schema: GraphQLSchema, field: GraphQLField, name: str) -> dict[str, list[str]] | None:
    """The arguments of a field's directive; a single one comes as a list of one."""
    directive = schema.get_directive(name)
    if directive is None or field.ast_node is None:
        return None
    values = get_directive_values(directive, field.ast_node)
    if values is None:
        return None
    return {name: value if isinstance(value, list) else [value] for name, value in values.items()}


def _attach(
    schema: GraphQLSchema, type_name: str, name: str, field: GraphQLField, resolver: Resolver | None
) -> None:
    required = requirements(schema, field)
    if type_name in _ROOTS and (resolver is None or required is None):
        raise UnboundSchema(f"{type_name}.{name} needs a resolver and @auth")
    for argument_name, argument in field.args.items():
        argument.out_name = snake_case(argument_name)
    if resolver is None:
        plain = _attribute(name)
    else:
        plain = _step(resolver) if type_name == "Mutation" else _with_context(resolver)
    rate = rate_of(schema, field)
    counted = plain if rate is None else _limited(plain, rate)
    field.resolve = _guarded(counted, required) if required is not None else counted


def _keep_rules(schema: GraphQLSchema, kind: GraphQLObjectType) -> None:
    """What runs is the type's field: a rule that stood at the interface's alone would guard nothing."""
    for interface in kind.interfaces:
        for name, field in interface.fields.items():
            own = kind.fields[name]
            asked = (requirements(schema, field), rate_of(schema, field))
            if asked not in {(None, None), (requirements(schema, own), rate_of(schema, own))}:
                raise UnboundSchema(f"{kind.name}.{name} needs the rules of {interface.name}.{name}")


def _kind_by(type_name: str, name_of: Resolver | None) -> Callable[..., str]:
    if name_of is None:
        raise UnboundSchema(f"{type_name} needs a {KIND}")

    def resolve_type(value: object, _info: object, _interface: object) -> str:
        return str(name_of(value))

    return resolve_type


def _with_context(resolver: Resolver) -> Resolver:
    def resolve(source: object, info: GraphQLResolveInfo[HasCaller], **arguments: object) -> object:
        return resolver(source, info.context, **arguments)

    return resolve


def _step(resolver: Resolver) -> Resolver:
    def resolve(source: object, info: GraphQLResolveInfo[HasCaller], **arguments: object) -> object:
        return resolver(source, info.context.for_step(str(info.path.key)), **arguments)

    return resolve


def _attribute(name: str) -> Resolver:
    read = attrgetter(snake_case(name))

    def resolve(source: object, _info: GraphQLResolveInfo[HasCaller]) -> object:
        value: object = read(source)
        return value

    return resolve


def _guarded(resolver: Resolver, required: tuple[str, ...]) -> Resolver:
    def resolve(source: object, info: GraphQLResolveInfo[HasCaller], **arguments: object) -> object:
        if not allows(required, info.context.caller):
            raise Forbidden(f"This needs one of: {', '.join(required)}")
        return resolver(source, info, **arguments)

    return resolve


def _limited(resolver: Resolver, rate: RateClass) -> Resolver:
    """One document may hold a field several times: each of them takes a token of the bucket that REST takes from."""

    def resolve(source: object, info: GraphQLResolveInfo[HasCaller], **arguments: object) -> object:
        take_token(info.context.caller.id, rate, clock().now())
        return resolver(source, info, **arguments)

    return resolve
