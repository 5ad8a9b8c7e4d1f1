"""Saved searches at both doors: what one shows, takes and refuses, so does the other."""

from callsheet.kernel.ids import new_id
from tests.functional.graphql.asking import ask, ask_under, code_of, told
from tests.functional.graphql.test_like_rest import snake_keys
from tests.support.gateway import Gateway
from tests.support.market import Market

SAVED = "{ id name query isAlerting createdAt }"
SAVE = f"mutation($input: SaveSearchInput!) {{ saveSearch(input: $input) {SAVED} }}"
CHANGE = f"""
mutation($id: ID!, $input: UpdateSavedSearchInput!) {{ updateSavedSearch(id: $id, input: $input) {SAVED} }}
"""
DELETE = "mutation($id: ID!) { deleteSavedSearch(id: $id) }"
MINE = f"{{ savedSearches {SAVED} }}"


def test_saved_searches_say_the_same_at_both_doors(market: Market) -> None:
    kept = told(market, SAVE, input={"name": "Nearby", "query": "q=portraits&roles=photographer,model"})
    assert (kept["query"], kept["isAlerting"]) == ("q=portraits&roles=photographer,model", True)
    changed = told(market, CHANGE, id=kept["id"], input={"isAlerting": False})
    assert changed == {**kept, "isAlerting": False}
    told(market, SAVE, input={"name": "Second", "query": "city=Portland", "isAlerting": False})
    mine = ask(market, MINE)["data"]
    assert isinstance(mine, dict)
    by_rest = Gateway().call("GET", "/v1/me/searches", user=market.carla).json()["items"]
    assert snake_keys(mine["savedSearches"]) == by_rest
    assert ask(market, MINE, market.stranger) == {"data": {"savedSearches": []}}
    assert ask(market, DELETE, id=kept["id"]) == {"data": {"deleteSavedSearch": kept["id"]}}
    left = ask(market, MINE)["data"]
    assert isinstance(left, dict)
    assert [one["name"] for one in left["savedSearches"]] == ["Second"]


def test_what_rest_refuses_is_refused_here_too_and_nothing_changes(market: Market) -> None:
    kept = told(market, SAVE, input={"name": "Nearby", "query": "q=portraits"})
    before = ask(market, MINE)
    assert code_of(ask(market, SAVE, input={"name": "NEARBY", "query": "q=a"})) == "saved_search_name_taken"
    assert code_of(ask(market, SAVE, input={"name": "No", "query": "latitude=1"})) == "invalid_filter"
    assert code_of(ask(market, SAVE, input={"name": "No", "query": "colour=red"})) == "invalid_request"
    assert code_of(ask(market, CHANGE, market.stranger, id=kept["id"], input={"name": "Mine"})) == (
        "saved_search_not_found"
    )
    assert code_of(ask(market, DELETE, market.stranger, id=kept["id"])) == "saved_search_not_found"
    assert code_of(ask(market, DELETE, id=new_id("svs"))) == "saved_search_not_found"
    assert ask(market, MINE) == before


def test_a_search_that_is_saved_twice_under_one_key_is_saved_once(market: Market) -> None:
    given = {"name": "Once", "query": "q=portraits"}
    first, again = (ask_under(market, "k-1", SAVE, input=given) for _ in range(2))
    assert first == again
    mine = ask(market, MINE)["data"]
    assert isinstance(mine, dict)
    assert len(mine["savedSearches"]) == 1
