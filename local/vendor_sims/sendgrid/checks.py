"""What SendGrid asks of a mail beyond its shape (SendGrid, "Mail Send: Errors" and "Limitations")."""

import re
from collections.abc import Iterator, Sequence

from local.vendor_sims.sendgrid.errors import Problem
from local.vendor_sims.sendgrid.mail import Address, Content, Mail, Personalization

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;.]+(\.[^@\s<>,;.]+)+")
_RESERVED = frozenset(
    {
        *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
        *("to", "from", "subject", "reply-to", "cc", "bcc"),
    }
)
_NO_FROM = (
    "The from object must be provided for every email send. It is an object that requires the email parameter, but "
    'may also contain a name parameter.  e.g. {"email" : "example@example.com"}  or {"email" : "example@example.com", '
    '"name" : "Example Recipient"}.'
)
_NO_CONTENT = (
    "Unless a valid template_id is provided, the content parameter is required. There must be at least one defined "
    "content block. We typically suggest both text/plain and text/html blocks are included, but only one block is "
    "required."
)
_NO_SUBJECT = (
    "The subject is required. You can get around this requirement if you use a template with a subject defined or "
    "if every personalization has a subject defined."
)


def problems(mail: Mail) -> Iterator[Problem]:
    yield from _of_personalizations(mail.personalizations)
    yield from _of_from(mail.from_)
    yield from _of_subject(mail)
    yield from _of_content(mail.content, has_template=mail.has_template)
    yield from _of_the_rest(mail)


def _of_personalizations(given: Sequence[Personalization]) -> Iterator[Problem]:
    anchor = "-Personalizations-Errors"
    if not given:
        message = "The personalizations field is required and must have at least one personalization."
        yield Problem(message, "personalizations", anchor)
    if len(given) > 1000:
        yield Problem(
            "The personalization block is limited to 1000 personalizations per API request. You have provided "
            f"{len(given)} personalizations. Please consider splitting this into multiple requests and resending "
            "your request.",
            "personalizations",
            anchor,
        )
    if sum(len(one.recipients) for one in given) > 1000:
        message = "There is a limit of 1000 total recipients (to + cc + bcc) per request."
        yield Problem(message, "personalizations", anchor)
    for index, one in enumerate(given):
        yield from _of_personalization(f"personalizations.{index}", one)


def _of_personalization(field: str, given: Personalization) -> Iterator[Problem]:
    if not given.to:
        yield Problem(
            "The to array is required for all personalization objects, and must have at least one email object with "
            "a valid email address.",
            f"{field}.to",
            "message.personalizations.to",
        )
    seen: set[str] = set()
    for name, addresses in (("to", given.to), ("cc", given.cc), ("bcc", given.bcc)):
        for index, address in enumerate(addresses):
            if not _ADDRESS.fullmatch(address.email):
                where = f"{field}.{name}.{index}.email"
                yield Problem("Does not contain a valid address.", where, f"message.personalizations.{name}")
            if address.email.lower() in seen:
                yield Problem(
                    "Each email address in the personalization block should be unique between to, cc, and bcc. We "
                    f"found the first duplicate instance of [{address.email}] in the {field}.{name} field.",
                    field,
                    "message.recipient-errors",
                )
                return
            seen.add(address.email.lower())


def _of_from(given: Address | None) -> Iterator[Problem]:
    if given is None or not given.email:
        yield Problem(_NO_FROM, "from.email", "message.from")
    elif not _ADDRESS.fullmatch(given.email):
        yield Problem("The from email does not contain a valid address.", "from.email", "message.from")


def _of_subject(mail: Mail) -> Iterator[Problem]:
    has_each = bool(mail.personalizations) and all(one.subject for one in mail.personalizations)
    if not (mail.subject or mail.has_template or has_each):
        yield Problem(_NO_SUBJECT, "subject", "message.subject")


def _of_content(given: Sequence[Content], *, has_template: bool) -> Iterator[Problem]:
    if not given and not has_template:
        yield Problem(_NO_CONTENT, "content", "message.content")
    for index, content in enumerate(given):
        if not content.type:
            message = "The content type must be a string at least one character in length."
            yield Problem(message, f"content.{index}.type", "message.content.type")
        if not content.value:
            message = "The content value must be a string at least one character in length."
            yield Problem(message, f"content.{index}.value", "message.content.value")
    ranks = [{"text/plain": 0, "text/html": 1}.get(content.type, 2) for content in given]
    if ranks != sorted(ranks):
        message = (
            "If present, text/plain must be first, followed by text/html, followed by any other content."
        )
        yield Problem(message, "content", "message.content")


def _of_the_rest(mail: Mail) -> Iterator[Problem]:
    if len(mail.categories) > 10:
        yield Problem("You cannot have more than 10 categories.", "categories", "message.categories")
    if len(set(mail.categories)) < len(mail.categories):
        yield Problem("There cannot be duplicate categories.", "categories", "message.categories")
    if mail.reply_to is not None and mail.reply_to_list:
        message = "Only one of reply_to and reply_to_list may be used."
        yield Problem(message, "reply_to", "message.reply_to")
    if mail.reply_to is not None and not _ADDRESS.fullmatch(mail.reply_to.email):
        message = "The reply_to email does not contain a valid address."
        yield Problem(message, "reply_to.email", "message.reply_to")
    for name in sorted(name for name in mail.headers if name.lower() in _RESERVED):
        yield Problem(f"The headers parameter may not include {name}.", f"headers.{name}", "message.headers")
