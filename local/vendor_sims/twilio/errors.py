"""Refusals in Twilio's words (Twilio, "Error and Warning Dictionary")."""

from collections.abc import Iterable

from local.vendor_sims.wire import Answer, Obj, Refusal

_DOCS = "https://www.twilio.com/docs/errors/"


def refusal(code: int, message: str, status: int = 400) -> Refusal:
    body: Obj = {"code": code, "message": message, "more_info": f"{_DOCS}{code}", "status": status}
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if status == 401 else {}
    return Refusal(Answer(status, body, headers))


def not_authenticated() -> Refusal:
    return refusal(20003, "Authenticate", 401)


def not_found(path: str) -> Refusal:
    return refusal(20404, f"The requested resource {path} was not found", 404)


def wrong_method() -> Refusal:
    return refusal(20004, "Method not allowed", 405)


def not_simulated(names: Iterable[str]) -> Refusal:
    """Stricter than Twilio, which ignores names it does not know: a typing error should be found here."""
    return refusal(20001, f"The simulator does not do what Twilio does with: {', '.join(sorted(names))}")


def internal() -> Answer:
    return refusal(20500, "Internal Server Error", 500).answer
