"""Fields about searches that somebody keeps: each calls the use case that REST calls too."""

from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.graphql.naming import given
from callsheet.search.delete_saved_search import delete_saved_search
from callsheet.search.list_saved_searches import list_saved_searches
from callsheet.search.save_search import save_search
from callsheet.search.saved import SavedSearchView, SaveSearch, UpdateSavedSearch
from callsheet.search.update_saved_search import update_saved_search

type Input = dict[str, object]


def _saved_searches(_source: object, context: Context) -> list[SavedSearchView]:
    return list(list_saved_searches(context.caller).items)


def _save_search(_source: object, context: Context, input: Input) -> SavedSearchView:  # noqa: A002
    command = SaveSearch.model_validate(given(input))
    return save_search(command, context.caller, context.sources.saved_searches())


def _update(_source: object, context: Context, id: str, input: Input) -> SavedSearchView:  # noqa: A002
    command = UpdateSavedSearch.model_validate(given(input))
    return update_saved_search(id, command, context.caller, context.sources.saved_searches())


def _delete(_source: object, context: Context, id: str) -> str:  # noqa: A002
    delete_saved_search(id, context.caller, context.sources.saved_searches())
    return id


RESOLVERS: Resolvers = {
    "Query": {"savedSearches": _saved_searches},
    "Mutation": {
        "saveSearch": _save_search,
        "updateSavedSearch": _update,
        "deleteSavedSearch": _delete,
    },
}
