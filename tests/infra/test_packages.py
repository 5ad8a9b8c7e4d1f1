"""Which package lies in which layer."""

from infra.build.packages import CORE, VENDORS, divided, layers, requirements_of
from infra.build.vendor import locked_requirements
from tests.infra.templates import ROOT


def _graph(**needs: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(needed.split()) for name, needed in needs.items()}


def _table(**vendors: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(own.split()) for name, own in vendors.items()}


def test_what_only_one_vendor_brings_lies_with_it() -> None:
    graph = _graph(models="types", types="", search="client types", client="")
    found = divided(graph, frozenset({"models", "search"}), _table(search="search"))
    assert found == {CORE: {"models", "types"}, "search": {"search", "client"}}


def test_what_two_vendors_bring_lies_in_the_core() -> None:
    graph = _graph(search="certificates", pay="certificates", certificates="")
    found = divided(graph, frozenset({"search", "pay"}), _table(search="search", pay="pay"))
    assert found == {CORE: {"certificates"}, "search": {"search"}, "pay": {"pay"}}


def test_a_vendor_that_stands_on_another_leaves_it_what_it_is_made_of() -> None:
    graph = _graph(paper="pictures charts", pictures="codec", codec="", charts="")
    found = divided(graph, frozenset({"paper", "pictures"}), _table(paper="paper", pictures="pictures"))
    assert found == {CORE: set(), "paper": {"paper", "charts"}, "pictures": {"pictures", "codec"}}


def test_every_locked_package_lies_in_exactly_one_layer() -> None:
    exported = locked_requirements(ROOT)
    found = layers(ROOT)
    pinned = [line for line in exported.splitlines() if "==" in line]
    divided_up = [requirements_of(exported, packages) for packages in found.values()]
    assert sorted(line for part in divided_up for line in part.splitlines() if "==" in line) == sorted(pinned)
    assert sum(len(part) for part in divided_up) == len(exported)


def test_every_vendor_lies_in_its_own_layer() -> None:
    """One that the core brings too would be in every function."""
    found = layers(ROOT)
    assert {name: own - found[name] for name, own in VENDORS.items() if own - found[name]} == {}
