"""What is refused about pictures."""

from callsheet.kernel.errors import CallsheetError, Kind, NotFound


class MediaNotFound(NotFound):
    code, title = "media_not_found", "There is no such picture, or it is not yours to see"


class TooManyUploads(CallsheetError):
    code, title, kind = (
        "too_many_uploads",
        "Finish the uploads that are open, or wait until they expire",
        Kind.LIMITED,
    )
