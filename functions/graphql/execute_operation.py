"""POST /graphql: run one GraphQL operation.

Answers 200 for every well-formed request; what failed stands in `errors`, each with `extensions.code`.
"""

from callsheet import wiring
from callsheet.graphql.context import Context
from callsheet.graphql.execution import answer, describes_itself
from callsheet.graphql.model import GraphqlAnswer, GraphqlRequest
from callsheet.graphql.schema import schema
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.settings import settings

# Built while the function starts, not while its first caller waits. Stripe's SDK is not loaded then: nearly all
# operations are queries, and the first that moves money waits for it.
_SCHEMA = schema(is_described=describes_itself(settings().stage))


@endpoint()
def handler(body: GraphqlRequest, caller: Principal) -> GraphqlAnswer:
    return answer(_SCHEMA, body, Context.of(caller, wiring), settings().stage)
