"""POST /v1/search/keys: a key with which a browser asks the search engine itself, for ten minutes.

It searches what everybody may see and does nothing else: the filter, the fields that come back and the length of a list
stand in the key. Results are in the engine's own order, with none of the ranking of `GET /v1/search/people`.
"""

from callsheet import wiring
from callsheet.gateways.search_errors import SearchUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.search.issue_key import IssueKey, SearchKeyView, issue_key


@endpoint(status=201, errors=(SearchUnavailable,))
def handler(body: IssueKey) -> SearchKeyView:
    return issue_key(body, wiring.search_keys())
