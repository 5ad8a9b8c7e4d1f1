"""Ratios, not milliseconds: what functions cost over the floor. `python -m bench [--quick] [--only WORD]`.

`--quick` measures time alone, three rounds; without it instructions are counted too (10 to 20 s a function).
"""

import argparse

from bench.imports import FLOOR, Cost, Measured, costs, goal
from bench.requests import measured
from docs.build import rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="time alone, few rounds")
    parser.add_argument("--strict", action="store_true", help="fail where a function is over its goal")
    parser.add_argument("--only", default="", help="functions whose name contains this")
    options = parser.parse_args()
    over = imports(options.only, quick=options.quick)
    requests(quick=options.quick)
    return over if options.strict else 0


def imports(only: str, *, quick: bool) -> int:
    """Print the table of import costs; the number of functions over their goal."""
    wanted = {
        f"{domain}.{row.name}": row.vendors for domain, row in rows.rows() if only in f"{domain}.{row.name}"
    }
    handlers = {
        name: Measured(f"import functions.{name}", vendors=vendors) for name, vendors in wanted.items()
    }
    found = costs({"floor": Measured(FLOOR), **handlers}, rounds=3 if quick else 9, counted=not quick)
    floor = found.pop("floor")
    print(
        f"import cost over the floor ({floor.milliseconds:.0f} ms, {_millions(floor)} million instructions)\n"
    )
    print(f"{'function':<44}{'time':>8}{'instr.':>9}{'goal':>7}")
    over = 0
    for name, cost in sorted(
        found.items(), key=lambda entry: -(entry[1].instructions or entry[1].milliseconds)
    ):
        time = cost.milliseconds / floor.milliseconds
        counted = cost.instructions / floor.instructions if cost.instructions and floor.instructions else None
        limit = goal(wanted[name])
        is_over = counted is not None and counted > limit
        over += is_over
        shown = f"{counted:.2f}×" if counted else "–"
        print(f"{name:<44}{time:>7.2f}×{shown:>9}{limit:>6}×{'  over' if is_over else ''}")
    return over


def requests(*, quick: bool) -> None:
    """Print CPU time and calls of warm requests; the ratio is over the first, a signed-out request that reads once."""
    print(f"\n{'warm request':<40}{'CPU ms':>8}{'ratio':>8}{'calls':>7}  operations")
    found = list(measured(rounds=20 if quick else 200))
    for row in found:
        ratio = row.milliseconds / found[0].milliseconds
        calls = f"{len(row.calls):>7}  {', '.join(row.calls)}"
        print(f"{row.name:<40}{row.milliseconds:>8.2f}{ratio:>7.1f}×{calls}")


def _millions(cost: Cost) -> str:
    return f"{cost.instructions / 1e6:.0f}" if cost.instructions else "–"


if __name__ == "__main__":
    raise SystemExit(main())
