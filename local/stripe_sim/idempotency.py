"""Idempotency keys (Stripe, "Idempotent requests"): the first answer is kept for 24 hours, whatever it was."""

from dataclasses import dataclass
from threading import Lock

from local.stripe_sim.errors import Refusal
from local.stripe_sim.shapes import Form, Obj

KEPT_SECONDS = 24 * 3600
_MAX_KEY = 255

type Fingerprint = tuple[str, str, dict[str, Form]]
type Answer = tuple[int, Obj]
type Scoped = tuple[str, str]  # the account, and the key


@dataclass(slots=True)
class _Record:
    fingerprint: Fingerprint
    at: int
    answer: Answer | None = None


class Keys:
    """What was asked under which key. Has a lock of its own: a running request must not make others wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._records: dict[Scoped, _Record] = {}

    def begin(self, scoped: Scoped, fingerprint: Fingerprint, now: int) -> Answer | None:
        """The answer to repeat, or None where the request is to run; then `end` or `forget` must follow.

        Raises Refusal: other parameters under the same key, or the first request is still running.
        """
        key = scoped[1]
        if len(key) > _MAX_KEY:
            raise _error(f"Idempotency keys can have at most {_MAX_KEY} characters.", 400)
        with self._lock:
            record = self._records.get(scoped)
            if record is None or record.at + KEPT_SECONDS <= now:
                self._records[scoped] = _Record(fingerprint, now)
                return None
            if record.fingerprint[:2] != fingerprint[:2]:
                raise _error(
                    f"Keys for idempotent requests can only be used for the same endpoint they were first used for "
                    f"('{fingerprint[1]}' vs '{record.fingerprint[1]}'). Try using a key other than '{key}' if you "
                    "meant to execute a different request.",
                    400,
                )
            if record.fingerprint != fingerprint:
                raise _error(
                    "Keys for idempotent requests can only be used with the same parameters they were first used "
                    f"with. Try using a key other than '{key}' if you meant to execute a different request.",
                    400,
                )
            if record.answer is None:
                raise _error(
                    "There is currently another in-progress request using this Idempotent Key (that probably means you "
                    f"submitted twice, and the other request is still going through): {key}. Please try again later.",
                    409,
                )
            return record.answer

    def end(self, scoped: Scoped, answer: Answer) -> None:
        with self._lock:
            self._records[scoped].answer = answer

    def forget(self, scoped: Scoped) -> None:
        """The request was never carried out."""
        with self._lock:
            self._records.pop(scoped, None)

    def clear(self) -> None:
        with self._lock:
            self._records.clear()


def _error(message: str, status: int) -> Refusal:
    return Refusal(
        message,
        status=status,
        kind="idempotency_error",
        code="idempotency_key_in_use" if status == 409 else None,
        is_before_execution=True,
    )
