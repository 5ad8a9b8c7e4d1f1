"""A stage with somebody to book, and the queue between receiving and applying."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import boto3
import pytest

from tests.support.stage import Stage

QUEUE_VARIABLE = "QUEUE_PAYMENTS_APPLY_STRIPE_EVENT"


@pytest.fixture
def queue(tables: None) -> Iterator[str]:
    """The queue's URL."""
    url = boto3.client("sqs").create_queue(QueueName="apply-stripe-event")["QueueUrl"]
    with patch.dict(os.environ, {QUEUE_VARIABLE: url}):
        yield url


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()
