"""Where one laptop cloud keeps what it knows. Two of them run beside each other in directories of their own."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / ".tools"  # made by `make`, shared by all clouds of this clone


@dataclass(frozen=True, slots=True)
class Place:
    """The state directory of a cloud."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def processes(self) -> Path:
        """A record for each process of the cloud, there before the process does anything."""
        return self.root / "processes"

    @property
    def clock_file(self) -> Path:
        """Whole seconds by which the cloud's clock is ahead."""
        return self.root / "clock"

    @property
    def stack_file(self) -> Path:
        return self.root / "stack.json"

    @property
    def deployed_file(self) -> Path:
        """What was deployed last, and onto which process."""
        return self.root / "deployed.json"

    @property
    def scratch(self) -> Path:
        """What processes unpack and store; gone when the cloud is."""
        return self.root / "scratch"

    def make(self) -> None:
        for folder in (self.root, self.logs, self.processes, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)


def discard(folder: Path) -> None:
    """The folder is gone at once; what lay in it is removed by a process that nobody waits for.

    Every worker of every function had a folder of its own: a hundred thousand files after the tests.
    """
    if not folder.exists():
        return
    gone = Path(tempfile.mkdtemp(prefix="gone-", dir=folder.parent))
    folder.rename(gone / folder.name)
    remove = 'rm -rf "$0" </dev/null >/dev/null 2>&1 &'
    subprocess.run(("sh", "-c", remove, str(gone)), start_new_session=True, check=True)


def here() -> Place:
    """The cloud that `CALLSHEET_LOCAL_DIR` names, `.local/` where it names none."""
    named = os.environ.get("CALLSHEET_LOCAL_DIR")
    return Place(Path(named).resolve() if named else ROOT / ".local")
