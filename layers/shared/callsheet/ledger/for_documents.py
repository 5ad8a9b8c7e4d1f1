"""What statements read of the journal."""

from callsheet.ledger.rules import provider_of
from callsheet.ledger.store import entries_of_provider, journal_of

__all__ = ["entries_of_provider", "journal_of", "provider_of"]
