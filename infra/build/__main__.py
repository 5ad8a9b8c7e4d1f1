"""Builds what is deployed: `python -m infra.build [--target aws|host]`."""

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "layers/shared")]

from docs.build import rows  # noqa: E402  (reads callsheet, which lies where the line above says)
from infra.build.assets import Asset, build  # noqa: E402
from infra.build.trees import unzipped_bytes  # noqa: E402


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.build", description=__doc__)
    parser.add_argument("--target", choices=("aws", "host"), default="aws")
    target = parser.parse_args(arguments).target
    assets = build(target, rows.domains())
    for name, layer in assets.packages.items():
        _say(f"packages, {name}", layer)
    _say("shared layer", assets.shared)
    for domain, asset in assets.domains.items():
        _say(f"functions of {domain}", asset)
    print("\nlayers of a function, by the vendors it declares")
    together = {row.vendors: assets.unzipped_bytes(row) / 1e6 for _, row in rows.rows()}
    for vendors, size in sorted(together.items()):
        print(f"{' '.join(vendors) or 'none':24} {size:7.2f} MB unzipped")
    return 0


def _say(what: str, asset: Asset) -> None:
    size, zipped = unzipped_bytes(asset.path) / 1e6, asset.path.stat().st_size / 1e6
    print(f"{what:24} {size:7.2f} MB unzipped {zipped:7.2f} MB zipped   {asset.fingerprint[:16]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
