"""Whatever a caller sends that OpenAPI describes, or nearly describes, no endpoint falls over."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import pytest
import schemathesis
import stripe
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from callsheet.gateways.typesense_index import TypesenseIndex
from callsheet.kernel.principal import system
from callsheet.search.collections import ensure_collections
from tests.support.cloud import cloud
from tests.support.engine import emptied, pointed_at
from tests.support.forget import forget
from tests.support.gateway import USER_HEADER, Gateway
from tests.support.stripe import SimulatedStripe

_USER = "01935000-0000-7000-8000-000000000001;client,provider"


@cache
def _gateway() -> Gateway:
    return Gateway()


@pytest.fixture(autouse=True, scope="module")
def _stage(engine_url: str) -> Iterator[None]:
    before, stripe.default_http_client = stripe.default_http_client, SimulatedStripe()
    with cloud(), pointed_at(engine_url):
        forget()
        if engine_url:
            emptied(engine_url)
            ensure_collections(TypesenseIndex(), system("tests"), datetime.now(UTC))
        yield
    forget()
    stripe.default_http_client = before


schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", lambda *request: _gateway().wsgi(*request))


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_endpoint_falls_over_and_each_answers_as_described(
    case: "schemathesis.Case",  # type: ignore[type-arg]  # its parameter is of no use here
    engine_url: str,
) -> None:
    if case.path.startswith("/v1/search/") and not engine_url:
        pytest.skip("there is no search engine here")
    case.call_and_validate(
        headers={USER_HEADER: _USER},
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
