"""State machines as data: one table a machine, read by the use cases, the diagrams and the OpenAPI alike.

Rows of tables are never compared or printed; see `kernel/routing.py` for what the methods would cost.
"""

from dataclasses import dataclass
from enum import StrEnum

from callsheet.kernel.errors import Forbidden, IllegalTransition


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Transition[S: StrEnum, A: StrEnum]:
    """One legal step.

    `who` names the parties that may ask for it (`client`, `provider`, `admin`, `system`, `stripe`);
    `condition` says in words what must hold besides the state; `effects` what happens with it; `deadline` names the
    due kind that is scheduled for the state it leads to.
    """

    action: A
    source: S
    target: S
    who: frozenset[str]
    condition: str = ""
    effects: tuple[str, ...] = ()
    deadline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StateTable[S: StrEnum, A: StrEnum]:
    """Every legal transition of one machine; whatever is not in it is refused."""

    name: str
    initial: frozenset[S]
    terminal: frozenset[S]
    transitions: tuple[Transition[S, A], ...]

    def step(self, state: S, action: A, who: str) -> Transition[S, A]:
        """The transition for `action` in `state`, asked for by a party in the role `who`.

        Raises IllegalTransition where the state has none, Forbidden where it has one for others only; `extra` carries
        the state and what was asked.
        """
        possible = [row for row in self.transitions if row.source == state and row.action == action]
        for transition in possible:
            if who in transition.who:
                return transition
        if possible:
            raise Forbidden(
                f"A {self.name} does not take {action} from its {who}", extra={"action": str(action)}
            )
        raise IllegalTransition(
            f"A {self.name} that is {state} does not take {action} from its {who}",
            extra={"state": str(state), "action": str(action)},
        )

    def exits(self, state: S) -> tuple[Transition[S, A], ...]:
        return tuple(row for row in self.transitions if row.source == state)
