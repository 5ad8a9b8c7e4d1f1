"""What a search engine can refuse us."""

from callsheet.kernel.errors import Unavailable


class SearchUnavailable(Unavailable):
    """No answer came, or none in time."""

    code, title = "search_unavailable", "The search does not answer; try again"


class CollectionMissing(Unavailable):
    """There is no such collection, or not any more: another may have taken its place. Whoever says so is there."""

    code, title = "search_index_missing", "There is no index to search yet; try again"


class EngineRefused(RuntimeError):
    """The engine does not understand what we asked: a bug of ours."""
