"""Single functions of the running cloud: called with an event, asked for what they said."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from local import aws
from local.place import ROOT
from local.stack import Stack

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class UnknownFunction(SystemExit):
    """There is no function of that name."""


class FunctionFailed(RuntimeError):
    """The function raised; the message is what it raised."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a function's log."""

    at_ms: int
    words: str


def function_name(function: str) -> str:
    """The deployed name of `domain/verb_noun`. Raises UnknownFunction."""
    domain, _, name = function.removesuffix(".py").removeprefix("functions/").partition("/")
    is_plain = domain.isidentifier() and name.isidentifier()
    if not is_plain or not (ROOT / "functions" / domain / f"{name}.py").is_file():
        raise UnknownFunction(f"FN is domain/verb_noun, a file below functions/; {function!r} is none")
    return f"callsheet-local-{domain}-{name.replace('_', '-')}"


def sample_event(function: str) -> Path:
    """The committed event that shows what the function is called with."""
    return ROOT / "events/samples" / f"{function.replace('/', '.')}.json"


def invoke(stack: Stack, function: str, event: bytes) -> JsonValue:
    """What the function answers. Raises FunctionFailed."""
    answer = aws.client("lambda", stack.aws_endpoint).invoke(
        FunctionName=function_name(function), Payload=event
    )
    result = _JSON.validate_json(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise FunctionFailed(json.dumps(result, indent=2))
    return result


def log_lines(stack: Stack, function: str, since_ms: int = 0) -> list[Line]:
    """What it said, oldest first; nothing where it never ran."""
    logs = aws.client("logs", stack.aws_endpoint)
    pages = logs.get_paginator("filter_log_events")
    try:
        found = [
            Line(event["timestamp"], event["message"])
            for page in pages.paginate(
                logGroupName=f"/aws/lambda/{function_name(function)}", startTime=since_ms
            )
            for event in page["events"]
        ]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return sorted(found, key=lambda line: line.at_ms)


def now_ms() -> int:
    return int(time.time() * 1000)
