"""The time of the laptop cloud, which `make advance` moves by what it writes into a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


def now(offset_file: Path | None) -> datetime:
    """`offset_file` holds whole seconds that are added to the time."""
    if offset_file is None or not offset_file.exists():
        return datetime.now(UTC)
    return datetime.now(UTC) + timedelta(seconds=int(offset_file.read_text().strip() or "0"))
