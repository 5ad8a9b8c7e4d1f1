"""POST /v1/media/uploads: a form to upload a picture for one of the caller's profiles with.

The form is sent to S3 as multipart/form-data, the file last. It takes the announced type and at most the announced
size, for 15 minutes; then `GET /v1/media/{media_id}` says what became of it.
"""

from callsheet import wiring
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.media.create_upload import create_upload
from callsheet.media.errors import TooManyUploads
from callsheet.media.model import CreateUpload, MediaUploadView


@endpoint(status=201, errors=(ProfileNotFound, TooManyUploads))
def handler(body: CreateUpload, caller: Principal) -> MediaUploadView:
    return create_upload(body, caller, wiring.media())
