"""Closes as finance reads them."""

from callsheet.closing.model import Close, CloseView

_SHOWN = tuple(CloseView.model_fields)


def close_view(close: Close) -> CloseView:
    return CloseView(**{name: getattr(close, name) for name in _SHOWN})
