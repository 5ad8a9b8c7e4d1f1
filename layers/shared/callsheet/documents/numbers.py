"""What receipts are called: it follows from the booking, so that nobody queues for a counter (ADR 0116)."""


def receipt_id(booking_id: str) -> str:
    """A booking has one receipt, in one or more versions: its id is the booking's under another prefix."""
    return f"rct_{booking_id[4:]}"


def receipt_number(booking_id: str, version: int) -> str:
    """`R-7QX4M2KD9A-1`: what people read aloud; the ten last characters of the booking's id, and the version."""
    return f"R-{booking_id[-10:]}-{version}"
