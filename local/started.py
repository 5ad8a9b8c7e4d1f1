"""Becomes a process of the cloud: `python -m local.started RECORD FINGERPRINT PORT FOLDER COMMAND…`.

The record is there before the command runs, so that whatever happens to the launcher, `make stop` finds the process.
"""

import json
import os
import sys
from pathlib import Path

from local.identity import identity


def main(record: str, fingerprint: str, port: str, folder: str, *command: str) -> None:
    pid = os.getpid()
    told = {"pid": pid, "identity": identity(pid), "fingerprint": fingerprint, "port": int(port)}
    unfinished = Path(record).with_suffix(".part")
    unfinished.write_text(json.dumps(told))
    unfinished.replace(record)
    os.chdir(folder)
    os.execv(command[0], command)  # noqa: S606  (no shell is what we want)


if __name__ == "__main__":
    main(*sys.argv[1:])
