"""A state table as a Mermaid diagram, so that the documentation cannot say anything else than the code."""

from enum import StrEnum

from callsheet.kernel.states import StateTable, Transition


def mermaid[S: StrEnum, A: StrEnum](table: StateTable[S, A]) -> str:
    """The `stateDiagram-v2` of a table: who may do what, and the deadline a step sets."""
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {state}" for state in sorted(table.initial)]
    lines += [f"    {row.source} --> {row.target}: {_label(row)}" for row in table.transitions]
    lines += [f"    {state} --> [*]" for state in sorted(table.terminal)]
    return "\n".join(lines) + "\n"


def _label[S: StrEnum, A: StrEnum](row: Transition[S, A]) -> str:
    deadline = f" → {row.deadline}" if row.deadline else ""
    return f"{row.action} ({', '.join(sorted(row.who))}){deadline}"
