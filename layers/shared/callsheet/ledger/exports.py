"""Where exports lie in S3: written in parts as they are made, read by a signed address, gone after a week."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from callsheet.platform.aws import client
from callsheet.platform.settings import resource_name

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

SHOWN_FOR = timedelta(minutes=10)
# Amazon S3 User Guide, "Multipart upload limits": every part but the last has 5 MiB at least.
PART_BYTES = 8 * 1024 * 1024


class Written(NamedTuple):
    sha256: str
    size_bytes: int


def write_export(key: str, chunks: Iterable[bytes]) -> Written:
    """Store what `chunks` yield, with one part of it in memory.

    Where making them fails nothing is to be seen of it: the bucket forgets unfinished uploads after a day.
    """
    digest, size = sha256(), 0
    parts: list[CompletedPartTypeDef] = []
    s3, bucket = client("s3"), resource_name("BUCKET", "exports")
    begun = s3.create_multipart_upload(Bucket=bucket, Key=key, ContentType="text/csv; charset=utf-8")
    upload_id = begun["UploadId"]
    for number, part in enumerate(_parts(chunks), 1):
        digest.update(part)
        size += len(part)
        sent = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=part)
        parts.append({"ETag": sent["ETag"], "PartNumber": number})
    s3.complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts})
    return Written(digest.hexdigest(), size)


def sign_export(key: str) -> str:
    """An address under which an export can be read for ten minutes. Nothing is called."""
    name = key.rpartition("/")[2]
    return client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": resource_name("BUCKET", "exports"),
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{name}"',
        },
        ExpiresIn=int(SHOWN_FOR.total_seconds()),
    )


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    part = bytearray()
    for chunk in chunks:
        part += chunk
        if len(part) >= PART_BYTES:
            yield bytes(part)
            part.clear()
    yield bytes(part)
