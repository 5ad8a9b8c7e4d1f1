"""Where the files of pictures lie in S3, and the short-lived addresses under which others reach them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from callsheet.media.model import Asset, PresignedPost, Variant
from callsheet.platform.aws import client
from callsheet.platform.settings import resource_name

# Long enough for a page to load its pictures; a browser that comes back asks again.
SHOWN_FOR = timedelta(minutes=10)
JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Upload:
    """What lies in the bucket `uploads`; `etag` names its content."""

    content: bytes
    etag: str


def upload_key(user_id: str, media_id: str) -> str:
    return f"uploads/{user_id}/{media_id}"


def variant_key(asset: Asset, etag: str, name: str) -> str:
    """A key of its own for each content, so that of two uploads under one form neither overwrites the other's."""
    return f"{asset.user_id}/{asset.id}/{etag}/{name}.jpg"


def sign_upload(asset: Asset, now: datetime) -> PresignedPost:
    """A form that S3 takes for this key, this very type and at most the announced size, until `upload_until`."""
    key, content_type = upload_key(asset.user_id, asset.id), str(asset.content_type)
    form = client("s3").generate_presigned_post(
        Bucket=resource_name("BUCKET", "uploads"),
        Key=key,
        Fields={"Content-Type": content_type},
        Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, asset.size_bytes]],
        ExpiresIn=max(1, int((asset.upload_until - now).total_seconds())),
    )
    return PresignedPost(url=form["url"], fields=form["fields"])


def sign_variant(variant: Variant) -> str:
    """An address under which a variant can be read for ten minutes. Nothing is called."""
    return client("s3").generate_presigned_url(
        "get_object",
        Params={"Bucket": resource_name("BUCKET", "media"), "Key": variant.key},
        ExpiresIn=int(SHOWN_FOR.total_seconds()),
    )


def fetch_upload(key: str, max_bytes: int) -> Upload | None:
    """The upload under a key, at most one byte more than `max_bytes` of it; None where there is none any more."""
    try:
        answer = client("s3").get_object(Bucket=resource_name("BUCKET", "uploads"), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            return None
        raise
    with answer["Body"] as body:
        return Upload(body.read(max_bytes + 1), answer["ETag"].strip('"'))


def delete_upload(key: str) -> None:
    """Deleting what is not there is no error."""
    client("s3").delete_object(Bucket=resource_name("BUCKET", "uploads"), Key=key)


def store_variant(key: str, content: bytes) -> None:
    client("s3").put_object(
        Bucket=resource_name("BUCKET", "media"),
        Key=key,
        Body=content,
        ContentType=JPEG,
        CacheControl="private, max-age=31536000, immutable",
    )
