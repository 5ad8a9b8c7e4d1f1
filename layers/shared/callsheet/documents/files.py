"""Where issued documents lie in S3: written once, never over one another, read by short-lived addresses.

The bucket locks what it holds (`infra/cdk/constructs/buckets.py`). A key names document, version and content, so that
whoever writes the same again, after a crash, finds it there.
"""

from datetime import timedelta

from botocore.exceptions import ClientError

from callsheet.documents.canonical import sha256
from callsheet.documents.model import DocumentFormat, Heading, Issued, IssuedFile
from callsheet.kernel.errors import Unavailable
from callsheet.platform.aws import client
from callsheet.platform.settings import resource_name

SHOWN_FOR = timedelta(minutes=10)
_TYPES = {DocumentFormat.PDF: "application/pdf", DocumentFormat.JSON: "application/json"}


def store_document(document: Heading, written_as: DocumentFormat, content: bytes) -> IssuedFile:
    """Unavailable where somebody writes the same at this very moment."""
    digest = sha256(content)
    key = f"{document.id}/v{document.version}/{digest}.{written_as}"
    _put(key, content, _TYPES[written_as])
    return IssuedFile(key=key, sha256=digest, size_bytes=len(content))


def store_evidence(dispute_id: str, content: bytes, suffix: str) -> str:
    """The key it has from now on. Unavailable where somebody writes the same at this very moment."""
    key = f"evidence/{dispute_id}/{sha256(content)}.{suffix}"
    _put(key, content, f"application/{suffix}")
    return key


def read_evidence(key: str) -> bytes:
    """What was stored under the key."""
    found = client("s3").get_object(Bucket=resource_name("BUCKET", "records"), Key=key)
    return found["Body"].read()


def _put(key: str, content: bytes, content_type: str) -> None:
    try:
        client("s3").put_object(
            Bucket=resource_name("BUCKET", "records"),
            Key=key,
            Body=content,
            ContentType=content_type,
            IfNoneMatch="*",
        )
    except ClientError as error:
        # Amazon S3 User Guide, "How to prevent object overwrites with conditional writes".
        match error.response["Error"]["Code"]:
            case "PreconditionFailed":
                pass  # its key is its content: it is there
            case "ConditionalRequestConflict":
                raise Unavailable("The document is being written") from error
            case _:
                raise


def file_of(issued: Issued, written_as: DocumentFormat) -> IssuedFile:
    match written_as:
        case DocumentFormat.PDF:
            return issued.pdf
        case DocumentFormat.JSON:
            return issued.json_


def sign_file(issued: Issued, written_as: DocumentFormat) -> str:
    """An address under which a file can be read for ten minutes, named by its number. Nothing is called."""
    return client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": resource_name("BUCKET", "records"),
            "Key": file_of(issued, written_as).key,
            "ResponseContentDisposition": f'attachment; filename="{issued.number}.{written_as}"',
        },
        ExpiresIn=int(SHOWN_FOR.total_seconds()),
    )
