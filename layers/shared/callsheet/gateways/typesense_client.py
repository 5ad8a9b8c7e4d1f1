"""The one client of Typesense's, and what its answers mean to the gateways that speak through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from typesense.configuration import Configuration, NodeConfigDict
from typesense.exceptions import (
    HTTPStatus0Error,
    ObjectNotFound,
    RequestForbidden,
    RequestUnauthorized,
    ServerError,
    ServiceUnavailable,
    TypesenseClientError,
)
from typesense.sync.aliases import Aliases
from typesense.sync.api_call import ApiCall
from typesense.sync.collections import Collections
from typesense.sync.documents import Documents
from typesense.sync.multi_search import MultiSearch
from typesense.types.document import DocumentSchema

from callsheet.gateways.search_errors import CollectionMissing, EngineRefused, SearchUnavailable
from callsheet.platform.secrets import forget_secrets, secret
from callsheet.platform.settings import settings

# For each of two tries, so that a connection that the engine has closed meanwhile is no failure. Whoever searches waits
# and can be answered otherwise: with the pause between the tries within 1.7 s. Whoever writes has a queue: 4.1 s.
SEARCHING_SECONDS, WRITING_SECONDS = 0.8, 2.0
_REPETITIONS = 1
_PAUSE_SECONDS = 0.1
_RETRY_AFTER_SECONDS = 2
_NO_ANSWER = (httpx.HTTPError, HTTPStatus0Error, ServerError, ServiceUnavailable)


@dataclass(frozen=True, slots=True)
class Client:
    """The parts of the SDK that we speak through; its own client makes, and warns of, parts that are no longer used."""

    calls: ApiCall
    collections: Collections[DocumentSchema]
    aliases: Aliases
    searches: MultiSearch

    def documents(self, collection: str) -> Documents[DocumentSchema]:
        return Documents(self.calls, collection)


_clients: dict[tuple[str, str, float], Client] = {}  # their connections are kept from one request to the next


def engine(key: str, timeout_seconds: float = WRITING_SECONDS) -> Client:
    """The client with the key of now; `key` is its secret's name. Raises SearchUnavailable without a URL."""
    url = settings().typesense_url
    if url is None:
        raise SearchUnavailable("This stage has no search engine")
    known_by = (url, secret(key)["api_key"], timeout_seconds)
    if known_by not in _clients:
        _clients[known_by] = _connected(*known_by)
    return _clients[known_by]


@contextmanager
def outcome() -> Iterator[None]:
    """Typesense's refusals in our words."""
    try:
        yield
    except _NO_ANSWER as error:
        raise SearchUnavailable(retry_after_seconds=_RETRY_AFTER_SECONDS) from error
    except (RequestUnauthorized, RequestForbidden) as error:
        forget_secrets()  # the key may have been rotated
        forget_engines()
        raise SearchUnavailable(retry_after_seconds=_RETRY_AFTER_SECONDS) from error
    except ObjectNotFound as error:
        raise CollectionMissing(retry_after_seconds=_RETRY_AFTER_SECONDS) from error
    except TypesenseClientError as error:
        raise EngineRefused(str(error)) from error


def forget_engines() -> None:
    """Drop the clients and their connections."""
    while _clients:
        _clients.popitem()[1].calls.close()


def _connected(url: str, api_key: str, timeout_seconds: float) -> Client:
    address = urlsplit(url)
    port = address.port or (443 if address.scheme == "https" else 80)
    node: NodeConfigDict = {
        "protocol": address.scheme,
        "host": address.hostname or "",
        "port": port,
        "path": address.path,
    }
    calls = ApiCall(
        Configuration(
            {
                "nodes": [node],
                "api_key": api_key,
                "connection_timeout_seconds": timeout_seconds,
                "num_retries": _REPETITIONS,
                "retry_interval_seconds": _PAUSE_SECONDS,
            }
        )
    )
    return Client(calls, Collections(calls), Aliases(calls), MultiSearch(calls))
