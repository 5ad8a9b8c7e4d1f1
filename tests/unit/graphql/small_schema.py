"""A schema small enough to read, on which the machinery is tested."""

from dataclasses import dataclass, field
from typing import Self

from aiodataloader import DataLoader
from graphql import GraphQLSchema, build_schema

from callsheet.graphql.binding import KIND, Resolvers, bind
from callsheet.graphql.execution import answer
from callsheet.graphql.model import GraphqlAnswer, GraphqlRequest
from callsheet.kernel.errors import Conflict
from callsheet.kernel.principal import Principal, Role

SDL = """
enum Requirement { USER PROVIDER ADMIN }
directive @listSize(assumedSize: Int!) on FIELD_DEFINITION
directive @auth(requires: [Requirement!]!) on FIELD_DEFINITION
type Query {
  me: Person! @auth(requires: USER)
  people(limit: Int = 20): [Person!]! @auth(requires: USER)
  page(limit: Int = 20): Page! @auth(requires: USER)
  books: String! @auth(requires: [PROVIDER, ADMIN])
  broken: String @auth(requires: USER)
}
type Page { items: [Person!]! }
type Person {
  id: ID! displayName: String friend: Person friends: [Person!]! few: [Person!]! @listSize(assumedSize: 3)
  secret: String @auth(requires: ADMIN)
  pets(limit: Int = 20): [Pet!]!
}
interface Pet { name: String! kin: [Pet!]! }
type Dog implements Pet { name: String! kin: [Pet!]! walks: [Person!]! }
type Ant implements Pet {
  name: String! kin(limit: Int = 100): [Pet!]! legs: Int! secret: String @auth(requires: ADMIN)
}
input RenameInput { displayName: String! }
type Mutation {
  rename(input: RenameInput!): String! @auth(requires: USER)
  clash: String! @auth(requires: USER)
}
"""


@dataclass(frozen=True)
class Person:
    id: str
    display_name: str = "Ann"
    secret: str = "s"
    friends: tuple["Person", ...] = ()


@dataclass(frozen=True)
class Dog:
    name: str = "Rex"


@dataclass(frozen=True)
class Ant:
    name: str = "Z"
    legs: int = 6
    secret: str = "s"


@dataclass
class World:
    """A request's context that remembers which batches were read."""

    caller: Principal
    batches: list[list[str]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._loader: DataLoader[str, Person] | None = None

    def for_step(self, name: str) -> Self:
        self.steps.append(name)
        return self

    async def load(self, person_id: str) -> Person:
        if self._loader is None:
            self._loader = DataLoader(self._read)
        return await self._loader.load(person_id)

    async def _read(self, ids: list[str]) -> list[Person]:
        self.batches.append(ids)
        return [Person(person_id) for person_id in ids]


def _people(_source: object, _world: World, limit: int) -> list[Person]:
    return [Person(str(number)) for number in range(limit)]


def _page(source: object, world: World, limit: int) -> dict[str, object]:
    return {"items": _people(source, world, limit)}


def _rename(_source: object, _world: World, input: dict[str, str]) -> str:  # noqa: A002
    return input["display_name"]


def _clash(_source: object, _world: World) -> str:
    raise Conflict("It has changed", extra={"state": "gone"})


def _broken(_source: object, _world: World) -> str:
    raise RuntimeError("password=hunter2")


RESOLVERS: Resolvers = {
    "Query": {
        "me": lambda _source, world: Person(world.caller.id),
        "people": _people,
        "page": _page,
        "books": lambda _source, _world: "open",
        "broken": _broken,
    },
    "Page": {"items": lambda page, _world: page["items"]},
    "Person": {
        "friend": lambda person, world: world.load(f"friend-of-{person.id}"),
        "pets": lambda _person, _world, limit: [Dog(), Ant()][:limit],
    },
    "Pet": {KIND: lambda pet: type(pet).__name__},
    "Mutation": {
        "rename": _rename,
        "clash": _clash,
    },
}


def small_schema() -> GraphQLSchema:
    schema = build_schema(SDL)
    bind(schema, RESOLVERS)
    return schema


def ask(
    query: str, *roles: Role, stage: str = "prod", world: World | None = None, **variables: object
) -> GraphqlAnswer:
    """Run `query` as a user with these roles."""
    asker = world or World(Principal("usr_1", roles=frozenset(roles), correlation_id="c-1"))
    return answer(small_schema(), GraphqlRequest(query=query, variables=variables), asker, stage)


def codes(result: GraphqlAnswer) -> list[object]:
    """The code of each error in the answer."""
    found = []
    for error in result.errors or []:
        extensions = error["extensions"]
        assert isinstance(extensions, dict)
        found.append(extensions["code"])
    return found
