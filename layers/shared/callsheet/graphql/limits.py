"""What one request may ask for: measured on the document, before anything runs.

The figures are those of numbers.md's limits; aliases and tokens are ours. Every field costs 1; a list
multiplies the cost of what stands below it by its `limit` argument, its `@listSize`, or the default page size.
Which type of an interface there will be is not known before it runs: the dearest counts, and fragments on several
count together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)
from graphql.execution import get_directive_values

from callsheet.graphql.errors import TooComplex

MAX_DEPTH = 8
MAX_COST = 2_000
MAX_OPERATIONS = 5
MAX_ALIASES = 15
MAX_TOKENS = 1_500
MAX_BODY_BYTES = 256 * 1024
DEFAULT_PAGE = 20
MAX_PAGE = 100

type Composite = GraphQLObjectType | GraphQLInterfaceType


class _Aliases(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.count += node.alias is not None


@dataclass(slots=True)
class _Budget:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, object]
    spent: int = 0


def check_shape(document: DocumentNode) -> None:
    """TooComplex where there are too many operations or aliases; cheaper than validation, so it is first."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) > MAX_OPERATIONS:
        raise TooComplex(f"A request may hold {MAX_OPERATIONS} operations; this one has {len(operations)}")
    aliases = _Aliases()
    visit(document, aliases)
    if aliases.count > MAX_ALIASES:
        raise TooComplex(f"A request may use {MAX_ALIASES} aliases; this one uses {aliases.count}")


def check_cost(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, object]) -> int:
    """The cost of the dearest operation; TooComplex where one is too deep or too dear.

    The document must be valid: types known, fragments without cycles. The walk stops as soon as the budget
    is spent, so fragments that multiply each other cost us no more than the budget.
    """
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    dearest = 0
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            root = schema.get_root_type(operation.operation)
            if root is not None:
                budget = _Budget(schema, fragments, variables)
                if operation.operation is OperationType.MUTATION:
                    _check_steps(budget, root, operation.selection_set)
                _spend(budget, root, operation.selection_set, depth=1, times=1)
                dearest = max(dearest, budget.spent)
    return dearest


def _check_steps(budget: _Budget, root: Composite, selections: SelectionSetNode) -> None:
    steps = sum(1 for _ in islice(_fields(budget, root, selections), MAX_OPERATIONS + 1))
    if steps > MAX_OPERATIONS:
        raise TooComplex(f"A request may run {MAX_OPERATIONS} mutations")


def _spend(budget: _Budget, parent: Composite, selections: SelectionSetNode, depth: int, times: int) -> None:
    if depth > MAX_DEPTH:
        raise TooComplex(f"A request may be {MAX_DEPTH} fields deep")
    for node, kind in _fields(budget, parent, selections):
        budget.spent += times
        if budget.spent > MAX_COST:
            raise TooComplex(f"A request may cost {MAX_COST}; ask for fewer fields or smaller pages")
        field = kind.fields.get(node.name.value)
        if field is None:  # __typename and, where it is on, introspection: neither reads anything
            continue
        below = get_named_type(field.type)
        if node.selection_set and isinstance(below, GraphQLObjectType | GraphQLInterfaceType):
            rows = max(_multiplier(budget, node, one) for one in _all_of(budget, kind, node, field))
            _spend(budget, below, node.selection_set, depth + 1, times * rows)


def _all_of(budget: _Budget, kind: Composite, node: FieldNode, field: GraphQLField) -> Iterator[GraphQLField]:
    """The field, and where an interface has it, what it is in each type that may stand for the interface."""
    yield field
    if isinstance(kind, GraphQLInterfaceType):
        for one in budget.schema.get_possible_types(kind):
            yield one.fields[node.name.value]


def _fields(
    budget: _Budget, parent: Composite, selections: SelectionSetNode
) -> Iterator[tuple[FieldNode, Composite]]:
    for node in selections.selections:
        match node:
            case FieldNode():
                yield node, parent
            case FragmentSpreadNode():
                fragment = budget.fragments[node.name.value]
                yield from _fields(
                    budget, _narrowed(budget, fragment.type_condition.name.value), fragment.selection_set
                )
            case InlineFragmentNode():
                condition = node.type_condition
                kind = _narrowed(budget, condition.name.value) if condition else parent
                yield from _fields(budget, kind, node.selection_set)


def _narrowed(budget: _Budget, type_name: str) -> Composite:
    kind = budget.schema.type_map[type_name]
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        raise TooComplex(f"Fragments on {type_name} are not supported")
    return kind


def _multiplier(budget: _Budget, node: FieldNode, field: GraphQLField) -> int:
    """Rows below this field. A page's `items` are counted by the `limit` of the page itself, others by `@listSize`."""
    if "limit" in field.args:
        return _limit_argument(budget, node, field)
    if (assumed := _assumed_size(budget.schema, field)) is not None:
        return assumed
    inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return DEFAULT_PAGE if isinstance(inner, GraphQLList) and node.name.value != "items" else 1


def _assumed_size(schema: GraphQLSchema, field: GraphQLField) -> int | None:
    directive = schema.get_directive("listSize")
    if directive is None or field.ast_node is None:
        return None
    said = get_directive_values(directive, field.ast_node)
    return None if said is None else int(said["assumedSize"])


def _limit_argument(budget: _Budget, node: FieldNode, field: GraphQLField) -> int:
    for argument in node.arguments or ():
        if argument.name.value == "limit":
            match argument.value:
                case IntValueNode(value=text):
                    return min(max(int(text), 1), MAX_PAGE)
                case VariableNode(name=name):
                    given = budget.variables.get(name.value)
                    return min(max(given, 1), MAX_PAGE) if isinstance(given, int) else MAX_PAGE
    stated = field.args["limit"].ast_node
    default = stated.default_value if stated else None
    return int(default.value) if isinstance(default, IntValueNode) else DEFAULT_PAGE
