"""A stage whose books can be closed, and the queue between the portions of a run."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import boto3
import pytest

from tests.functional.closing.office import Office

QUEUE_VARIABLE = "QUEUE_CLOSING_RUN_PORTION"


@pytest.fixture
def office(tables: None) -> Iterator[Office]:
    url = boto3.client("sqs").create_queue(QueueName="run-portion")["QueueUrl"]
    with patch.dict(os.environ, {QUEUE_VARIABLE: url}):
        yield Office(url)
