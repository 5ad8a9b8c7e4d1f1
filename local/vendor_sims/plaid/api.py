"""Plaid in memory: identity verifications, and the link tokens that lead people to them."""

import hmac
import json
import uuid
from collections.abc import Callable
from datetime import timedelta

from local.vendor_sims.deliveries import Delivery
from local.vendor_sims.plaid import requests
from local.vendor_sims.plaid.errors import (
    internal,
    invalid,
    missing,
    not_found,
    refusal,
    request_id,
    wrong_keys,
)
from local.vendor_sims.plaid.requests import (
    CreateLinkToken,
    CreateVerification,
    GetVerification,
    GetVerificationKey,
    ListVerifications,
    Person,
    RetryVerification,
)
from local.vendor_sims.plaid.signing import KEY_ID, signed, verification_key
from local.vendor_sims.plaid.verifications import NEXT, Status, become, person_of, stamp, verification
from local.vendor_sims.wire import Answer, Json, Now, Obj, Request

CLIENT_ID = "ca115ee7ca115ee7ca115ee7"
SECRET = "0123456789abcdef0123456789abcd"
_PAGE_SIZE = 10
_LINK_HOURS = 4


class Plaid:
    def __init__(
        self,
        now: Now,
        offer: Callable[[Delivery], None],
        *,
        client_id: str = CLIENT_ID,
        secret: str = SECRET,
    ) -> None:
        self._now, self._offer = now, offer
        self._client_id, self._secret = client_id, secret
        self.webhook_url: str | None = None
        self._links: dict[str, CreateLinkToken] = {}
        self._kept: dict[str, Obj] = {}
        self._acts: dict[str, Callable[[Obj], Obj]] = {
            "/link/token/create": self._create_link_token,
            "/identity_verification/create": self._create,
            "/identity_verification/get": self._get,
            "/identity_verification/list": self._list,
            "/identity_verification/retry": self._retry,
            "/webhook_verification_key/get": self._get_key,
        }

    def params(self, request: Request) -> Obj:
        try:
            body = json.loads(request.body)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise refusal("INVALID_BODY", "body could not be parsed as JSON")
        return body

    def answer(self, request: Request, params: Obj) -> Answer:
        act = self._acts.get(request.path)
        if act is None or request.method != "POST":
            raise not_found()
        self._authenticate(request, params)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise refusal("INVALID_HEADERS", "Content-Type must be application/json")
        body = {name: value for name, value in params.items() if name not in {"client_id", "secret"}}
        return Answer(200, act(body) | {"request_id": request_id()})

    def open_link(self, link_token: str) -> Obj:
        """The person opens Link: their attempt begins, or goes on. Raises Refusal."""
        link = self._links.get(link_token)
        if link is None:
            raise refusal("INVALID_LINK_TOKEN", "the provided link token is invalid", kind="INVALID_INPUT")
        known = self._latest(link.identity_verification.template_id, link.user.client_user_id)
        if known is not None:
            return {**known}
        return self._begin(
            link.identity_verification.template_id, link.user.client_user_id, link.user, is_shareable=False
        )

    def decide(self, verification_id: str, status: Status, given: Person | None) -> Obj:
        """Bring an attempt to its end; `given` is what the person has entered. Raises Refusal."""
        attempt = self._find(verification_id)
        before = Status(str(attempt["status"]))
        if status not in NEXT[before]:
            raise invalid(f"status: {before} does not become {status}")
        if given is not None:
            entered = {name: value for name, value in person_of(given).items() if value is not None}
            attempt["user"] = {**_inner(attempt["user"]), **entered}
        become(attempt, status, self._now())
        self._tell(verification_id)
        return {**attempt}

    def failed(self) -> Answer:
        return internal()

    def tick(self) -> None:
        """Nothing happens by itself: people and reviewers decide."""

    def clear(self) -> None:
        self._links.clear()
        self._kept.clear()

    def _authenticate(self, request: Request, params: Obj) -> None:
        names = {"client_id": "plaid-client-id", "secret": "plaid-secret"}
        given = {name: params.get(name, request.headers.get(header)) for name, header in names.items()}
        lacking = [name for name, value in given.items() if not value]
        if lacking:
            raise missing(lacking)
        told = f"{given['client_id']}:{given['secret']}".encode()
        if not hmac.compare_digest(told, f"{self._client_id}:{self._secret}".encode()):
            raise wrong_keys()

    def _create_link_token(self, body: Obj) -> Obj:
        link = requests.read(CreateLinkToken, body)
        if link.products != ["identity_verification"]:
            raise refusal(
                "INVALID_PRODUCT", "the simulator knows identity_verification only", kind="INVALID_INPUT"
            )
        link_token = f"link-sandbox-{uuid.uuid4()}"
        self._links[link_token] = link
        return {"link_token": link_token, "expiration": stamp(self._now() + timedelta(hours=_LINK_HOURS))}

    def _create(self, body: Obj) -> Obj:
        asked = requests.read(CreateVerification, body)
        user_id = asked.client_user_id or (asked.user.client_user_id if asked.user else None)
        if not user_id:
            raise missing(["client_user_id"])
        known = self._latest(asked.template_id, user_id)
        if known is None:
            return self._begin(asked.template_id, user_id, asked.user, is_shareable=asked.is_shareable)
        if asked.is_idempotent:
            return {**known}
        raise invalid("an identity verification already exists for this client_user_id and template_id")

    def _get(self, body: Obj) -> Obj:
        return {**self._find(requests.read(GetVerification, body).identity_verification_id)}

    def _list(self, body: Obj) -> Obj:
        """Newest first; the cursor is where the next page begins."""
        asked = requests.read(ListVerifications, body)
        cursor = asked.cursor or "0"
        if not cursor.isdecimal():
            raise invalid("cursor: is not one that was given")
        start = int(cursor)
        found = [
            attempt
            for attempt in reversed(self._kept.values())
            if _inner(attempt["template"])["id"] == asked.template_id
            and asked.client_user_id in {None, attempt["client_user_id"]}
        ]
        shown: list[Json] = [{**attempt} for attempt in found[start : start + _PAGE_SIZE]]
        following = str(start + _PAGE_SIZE) if len(found) > start + _PAGE_SIZE else None
        return {"identity_verifications": shown, "next_cursor": following}

    def _retry(self, body: Obj) -> Obj:
        asked = requests.read(RetryVerification, body)
        known = self._latest(asked.template_id, asked.client_user_id)
        if known is None:
            raise not_found()
        made = self._begin(
            asked.template_id,
            asked.client_user_id,
            asked.user,
            is_shareable=bool(asked.is_shareable),
            previous_attempt_id=str(known["id"]),
        )
        if asked.user is None:
            self._kept[str(made["id"])]["user"] = made["user"] = known["user"]
        return made

    def _get_key(self, body: Obj) -> Obj:
        if requests.read(GetVerificationKey, body).key_id != KEY_ID:
            raise refusal(
                "INVALID_WEBHOOK_VERIFICATION_KEY_ID",
                "invalid key_id provided. note that key_ids are specific to Plaid environments, and verification "
                "requests must be made to the same environment that the webhook was sent from",
                kind="INVALID_INPUT",
            )
        return {"key": verification_key()}

    def _begin(
        self,
        template_id: str,
        client_user_id: str,
        person: Person | None,
        *,
        is_shareable: bool,
        previous_attempt_id: str | None = None,
    ) -> Obj:
        made = verification(
            template_id=template_id,
            client_user_id=client_user_id,
            person=person,
            at=self._now(),
            is_shareable=is_shareable,
            previous_attempt_id=previous_attempt_id,
        )
        self._kept[str(made["id"])] = made
        self._tell(str(made["id"]))
        return {**made}

    def _latest(self, template_id: str, client_user_id: str) -> Obj | None:
        for attempt in reversed(self._kept.values()):
            if (_inner(attempt["template"])["id"], attempt["client_user_id"]) == (
                template_id,
                client_user_id,
            ):
                return attempt
        return None

    def _find(self, verification_id: str) -> Obj:
        if verification_id not in self._kept:
            raise not_found()
        return self._kept[verification_id]

    def _tell(self, verification_id: str) -> None:
        if self.webhook_url is None:
            return
        told = {
            "environment": "sandbox",
            "identity_verification_id": verification_id,
            "webhook_code": "STATUS_UPDATED",
            "webhook_type": "IDENTITY_VERIFICATION",
        }
        payload = json.dumps(told, indent=2).encode()
        self._offer(
            Delivery(
                vendor="plaid",
                url=self.webhook_url,
                payload=payload,
                sign=lambda: {
                    "Content-Type": "application/json",
                    "Plaid-Verification": signed(payload, self._now()),
                },
            )
        )


def _inner(value: Json) -> Obj:
    return value if isinstance(value, dict) else {}
