"""Keys of ours are those that Typesense's SDK would make."""

from typing import cast

from typesense.sync.api_call import ApiCall
from typesense.sync.keys import Keys

from callsheet.gateways.typesense_keys import scoped_key


def test_a_key_is_the_one_that_the_sdk_makes() -> None:
    sdk = Keys(cast("ApiCall", None))  # which asks nobody for this
    told = {"filter_by": "visibility:=[`public`]", "expires_at": 1_800_000_000, "pinned_hits": ""}
    assert scoped_key("parent-key", told) == sdk.generate_scoped_search_key("parent-key", told).decode()  # type: ignore[arg-type]  # its own type knows no pins
