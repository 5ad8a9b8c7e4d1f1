"""Staff has answered a bank: the evidence is handed in."""

from callsheet import wiring
from callsheet.documents.hand_in_evidence import EvidencePrepared, HandedIn, hand_in_evidence
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, Permanent, consumer

_DEPS = wiring.evidence()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    """What the bank no longer takes ends in the dead letters: their alarm wakes support."""
    match hand_in_evidence(EvidencePrepared.model_validate(message.detail), caller, _DEPS):
        case HandedIn.DONE:
            return Done()
        case HandedIn.MOOT:
            return Duplicate()
        case HandedIn.REFUSED:
            return Permanent("evidence_refused")
