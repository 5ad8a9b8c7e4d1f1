"""What is sent arrives, is tried again, and ends in the dead letters where somebody is told."""

from callsheet.kernel.routing import BucketTrigger, StreamTrigger, Worker
from docs.build.rows import rows
from tests.infra.templates import Properties, Synthesised

_ROWS = list(rows())
_CONSUMERS = [(domain, row) for domain, row in _ROWS if isinstance(row, Worker | BucketTrigger)]
_STREAMS = [(domain, row) for domain, row in _ROWS if isinstance(row, StreamTrigger)]


def _queues(stage: Synthesised) -> dict[str, Properties]:
    return {queue["QueueName"]: queue for queue in stage.of_type("AWS::SQS::Queue")}


def test_every_consumer_has_a_queue_whose_failures_are_kept(stage: Synthesised) -> None:
    names, queues = stage.deployment.names, _queues(stage)
    for domain, row in _CONSUMERS:
        queue = queues[names.queue(f"{domain}/{row.name}")]
        assert queue["RedrivePolicy"]["maxReceiveCount"] == row.max_receives
        dead = queues[names.dead_letters(f"{domain}/{row.name}")]
        assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600
    streams = {names.dead_letters(f"{domain}/{row.name}") for domain, row in _STREAMS}
    assert streams <= set(queues)
    assert len(queues) == 2 * len(_CONSUMERS) + len(_STREAMS)


def test_queues_are_encrypted_and_hide_a_message_six_timeouts_long(prod: Synthesised) -> None:
    queues = _queues(prod)
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())
    for domain, row in _CONSUMERS:
        queue = queues[prod.deployment.names.queue(f"{domain}/{row.name}")]
        assert queue["VisibilityTimeout"] == 6 * row.timeout_seconds


def test_every_consumer_answers_message_by_message(stage: Synthesised) -> None:
    mappings = stage.of_type("AWS::Lambda::EventSourceMapping")
    assert len(mappings) == len(_CONSUMERS) + len(_STREAMS)
    for mapping in mappings:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_stream_that_fails_is_halved_retried_and_kept(stage: Synthesised) -> None:
    reading = [
        mapping
        for mapping in stage.of_type("AWS::Lambda::EventSourceMapping")
        if mapping.get("StartingPosition")
    ]
    assert len(reading) == len(_STREAMS)
    for mapping in reading:
        assert mapping["BisectBatchOnFunctionError"] is True
        assert mapping["MaximumRetryAttempts"] > 0
        assert mapping["DestinationConfig"]["OnFailure"]["Destination"]


def test_the_bus_brings_each_consumer_the_events_and_deadlines_of_its_row(stage: Synthesised) -> None:
    patterns = [rule["EventPattern"] for rule in stage.of_type("AWS::Events::Rule") if "EventPattern" in rule]
    workers = [row for _, row in _ROWS if isinstance(row, Worker)]
    expected = [
        {"source": [{"prefix": "callsheet."}], "detail-type": list(row.events)}
        for row in workers
        if row.events
    ]
    expected += [
        {"source": ["callsheet.due"], "detail-type": [f"due.{kind}" for kind in row.due]}
        for row in workers
        if row.due
    ]
    assert sorted(map(repr, map(_ordered, patterns))) == sorted(map(repr, map(_ordered, expected)))


def test_a_bucket_tells_the_queues_of_those_who_wait_for_objects(stage: Synthesised) -> None:
    told = [
        rule["Value"]
        for bucket in stage.of_type("AWS::S3::Bucket")
        for queue in bucket.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
        for rule in queue["Filter"]["S3Key"]["Rules"]
    ]
    assert sorted(told) == sorted(row.prefix for _, row in _ROWS if isinstance(row, BucketTrigger))


def test_dead_letters_and_late_streams_ring(prod: Synthesised) -> None:
    alarms = {alarm["AlarmName"]: alarm for alarm in prod.of_type("AWS::CloudWatch::Alarm")}
    for name in _queues(prod):
        if name.endswith("-dead"):
            assert alarms[f"{name}-depth"]["Threshold"] == 0
    for domain, row in _STREAMS:
        alarm = alarms[f"{prod.deployment.names.function(domain, row.name)}-age"]
        assert alarm["MetricName"] == "IteratorAge"


def _ordered(pattern: Properties) -> list[tuple[str, object]]:
    return sorted(pattern.items())
