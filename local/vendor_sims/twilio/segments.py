"""How many parts a text message takes (GSM 03.38; Twilio, "What is GSM-7 Character Encoding?")."""

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_TWICE = frozenset("^{}\\[~]|€\f")  # an escape before each


def segments(body: str) -> int:
    if set(body) <= _GSM_7 | _GSM_7_TWICE:
        length = sum(2 if character in _GSM_7_TWICE else 1 for character in body)
        alone, part = 160, 153
    else:
        length = len(body.encode("utf-16-le")) // 2
        alone, part = 70, 67
    return 1 if length <= alone else -(-length // part)
