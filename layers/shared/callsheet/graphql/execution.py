"""Runs one request against a schema: parse, limit, validate, measure, execute; errors with codes."""

import asyncio
from collections.abc import Awaitable

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    execute,
    parse,
    specified_rules,
    validate,
)

from callsheet.graphql.caller import HasCaller
from callsheet.graphql.errors import format_error
from callsheet.graphql.limits import MAX_TOKENS, check_cost, check_shape
from callsheet.graphql.model import GraphqlAnswer, GraphqlRequest
from callsheet.kernel.errors import CallsheetError

_MAX_ERRORS = 10
_CLOSED_RULES = (*specified_rules, NoSchemaIntrospectionCustomRule)
# Only these stages describe themselves; elsewhere neither introspection nor "did you mean" gives the schema
# away.
_OPEN_STAGES = frozenset({"local", "dev"})


def describes_itself(stage: str) -> bool:
    """Whether callers may ask what the schema is."""
    return stage in _OPEN_STAGES


def answer(schema: GraphQLSchema, request: GraphqlRequest, context: HasCaller, stage: str) -> GraphqlAnswer:
    """What POST /graphql answers, with HTTP 200: failures stand in `errors`, with `extensions.code`."""
    result = asyncio.run(_execute(schema, request, context, is_open=describes_itself(stage)))
    errors = [format_error(error, context.caller.correlation_id) for error in result.errors or ()] or None
    if result.data is None and errors and all(error.path is None for error in result.errors or ()):
        return GraphqlAnswer(errors=errors)
    return GraphqlAnswer(data=result.data, errors=errors) if errors else GraphqlAnswer(data=result.data)


async def _execute(
    schema: GraphQLSchema, request: GraphqlRequest, context: HasCaller, *, is_open: bool
) -> ExecutionResult:
    variables = request.variables or {}
    try:
        document = parse(
            request.query,
            max_lexical_tokens=MAX_TOKENS,
            max_comments=MAX_TOKENS,
            allow_empty_selection_sets=False,
        )
        check_shape(document)
        if refused := _validate(schema, document, is_open=is_open):
            return ExecutionResult(None, refused)
        check_cost(schema, document, variables)
    except GraphQLError as error:
        return ExecutionResult(None, [error])
    except CallsheetError as error:
        return ExecutionResult(None, [GraphQLError(error.detail, original_error=error)])
    result = execute(
        schema,
        document,
        context_value=context,
        variable_values=variables,
        operation_name=request.operation_name,
        hide_suggestions=not is_open,
    )
    return await result if isinstance(result, Awaitable) else result


def _validate(schema: GraphQLSchema, document: DocumentNode, *, is_open: bool) -> list[GraphQLError]:
    return validate(
        schema,
        document,
        specified_rules if is_open else _CLOSED_RULES,
        max_errors=_MAX_ERRORS,
        hide_suggestions=not is_open,
        allow_empty_selection_sets=False,
    )
