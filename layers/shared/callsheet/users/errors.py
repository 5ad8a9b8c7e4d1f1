"""What an account is refused for."""

from callsheet.kernel.errors import Conflict


class AlreadyRegistered(Conflict):
    """Somebody else has registered the user meanwhile: the work is done."""

    code, title = "already_registered", "This account exists"
