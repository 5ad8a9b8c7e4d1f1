"""Is the process with this number still the one that was started? Numbers come round again."""

import subprocess
from pathlib import Path


def identity(pid: int) -> str | None:
    """What tells this process from a later one of the same number; None where it has ended."""
    return _from_proc(pid) if Path("/proc/self/stat").exists() else _from_ps(pid)


def _from_proc(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name stands in brackets and may hold anything; the state follows it, and the start 19 fields on
    # (proc_pid_stat(5)).
    state, *fields = stat.rpartition(")")[2].split()
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if state in "ZX" else f"{boot}:{fields[18]}"


def _from_ps(pid: int) -> str | None:
    found = subprocess.run(
        ("ps", "-o", "stat=,lstart=", "-p", str(pid)), capture_output=True, text=True, check=False
    ).stdout.split()
    return " ".join(found[1:]) if found and not found[0].startswith("Z") else None
