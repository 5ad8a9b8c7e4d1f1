"""Uploaded files, evidence above all (Stripe, "File upload guide": purposes, types and sizes)."""

from collections.abc import Mapping

from stripe.params import FileCreateParams, FileListParams, FileRetrieveParams

from local.stripe_sim.errors import Refusal
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Obj
from local.stripe_sim.world import World, new_id

_KB, _MB = 1024, 1024 * 1024
MAX_BODY = 21 * _MB
_SIZES: Mapping[str, int] = {
    "business_icon": 512 * _KB,
    "business_logo": 512 * _KB,
    "dispute_evidence": 5 * _MB,
    "customer_signature": 4 * _MB,
}
_SIZE = 10 * _MB
_MAGIC: Mapping[bytes, str] = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def _create(call: Call) -> Obj:
    world, purpose, content = call.world, call.params.text("purpose"), call.upload
    if not call.filename:
        raise Refusal("Invalid file: the request must be multipart/form-data.", param="file")
    if not content:
        raise Refusal("The file that you have uploaded is empty.", param="file")
    if len(content) > _SIZES.get(purpose, _SIZE):
        raise Refusal(
            f"The file is too large: {len(content)} bytes, at most {_SIZES.get(purpose, _SIZE)} for {purpose}.",
            param="file",
        )
    kind = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)
    if kind is None:
        raise Refusal(
            f"We can't process this file. Supported types for {purpose}: pdf, jpg, png.", param="file"
        )
    file_id = new_id("file")
    return world.keep(
        {
            "id": file_id,
            "object": "file",
            "created": world.timestamp(),
            "expires_at": None,
            "filename": call.filename,
            "links": {
                "object": "list",
                "data": [],
                "has_more": False,
                "url": f"/v1/file_links?file={file_id}",
            },
            "purpose": purpose,
            "size": len(content),
            "title": None,
            "type": kind,
            "url": f"https://files.stripe.com/v1/files/{file_id}/contents",
        }
    )


def check_is_evidence(world: World, file_id: str, param: str) -> None:
    """Raises Refusal where there is no such file, or it was uploaded for something else."""
    if world.find("file", file_id, param)["purpose"] != "dispute_evidence":
        raise Refusal(f"The file {file_id} must have the purpose dispute_evidence.", param=param)


def _retrieve(call: Call) -> Obj:
    return call.world.find("file", call.id)


def _list(call: Call) -> Obj:
    return list_of(call.world.kept("file").values(), call.params, "/v1/files", "purpose")


ROUTES: Routes = (
    post("/v1/files", FileCreateParams, _create, "file purpose"),
    get("/v1/files", FileListParams, _list, PAGING + " purpose"),
    get("/v1/files/{id}", FileRetrieveParams, _retrieve),
)
