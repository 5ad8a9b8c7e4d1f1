"""The request and the answer of POST /graphql (GraphQL over HTTP, draft specification)."""

from typing import Annotated

from pydantic import BaseModel, Field, model_serializer

from callsheet.kernel.models import FROZEN, STORED

type JsonObject = dict[str, object]


class GraphqlRequest(BaseModel):
    """One operation: its document, which of its operations to run, and the values of its variables."""

    model_config = STORED

    query: Annotated[str, Field(min_length=1, description="The GraphQL document", examples=["{ me { id } }"])]
    operation_name: Annotated[
        str | None, Field(alias="operationName", description="Needed where there are several")
    ] = None
    variables: Annotated[JsonObject | None, Field(description="Values of the document's variables")] = None


class GraphqlAnswer(BaseModel):
    """`data` is absent where the document was refused before anything ran."""

    model_config = FROZEN

    data: Annotated[JsonObject | None, Field(description="What was asked for")] = None
    errors: Annotated[
        list[JsonObject] | None, Field(description="What went wrong; each has `extensions.code`")
    ] = None

    @model_serializer
    def _present(self) -> JsonObject:
        return {name: getattr(self, name) for name in ("data", "errors") if name in self.model_fields_set}
