"""Who is woken, and what they look at first. Alarms stand beside what they watch, in the domains' stacks."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from callsheet.kernel.routing import BucketTrigger, Row, StreamTrigger, Worker
from callsheet.platform.metrics import BusinessMetric, CircuitName
from infra.cdk.constructs.alarm import Alarm
from infra.cdk.deployment import Deployment
from infra.cdk.names import arn
from infra.cdk.stacks.part import PartStack

_MOST_LAG_MS = 60_000
_COUNTS = "platform"  # the domain whose function counts the facts that reach the bus (platform/relay_events)


class ObservabilityStack(PartStack):
    def __init__(self, scope: Construct, rows: Sequence[tuple[str, Row]], deployment: Deployment) -> None:
        super().__init__(scope, "observability", deployment)
        self._deployment, self._rows = deployment, rows
        self._topic()
        api_id = deployment.told(self, "api/id")
        self._failures = _api("5xx", api_id, "Sum")
        Alarm(self, "Api", f"{deployment.names.prefix}-api-5xx", self._failures, deployment, above=5)
        differed = _metric("Callsheet", BusinessMetric.CLOSE_DIFFERED, {"service": _COUNTS}, "Sum")
        Alarm(self, "Close", f"{deployment.names.prefix}-close-differed", differed, deployment)
        self._search_alarms()
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=deployment.names.prefix)
        dashboard.add_widgets(
            _graph("Requests", [_api("Count", api_id, "Sum"), _api("4xx", api_id, "Sum"), self._failures]),
            _graph("Latency, ms", [_api("Latency", api_id, part) for part in ("p50", "p95", "p99")]),
        )
        for domain in dict.fromkeys(domain for domain, _ in rows):
            dashboard.add_widgets(*self._domain_widgets(domain))

    def _search_alarms(self) -> None:
        """The engine does not answer; the index was not as the tables; it is behind (numbers.md: 60 s at p99)."""
        watched = (
            (
                "Circuit",
                "search-engine-away",
                "circuit_opened",
                {"circuit": CircuitName.SEARCH_ENGINE},
                "Sum",
                0,
            ),
            ("Drift", "search-index-drift", "drift", {"function": "search.converge_index"}, "Maximum", 0),
            ("Lag", "search-index-lag", "lag_ms", {"function": "search.index_profiles"}, "p99", _MOST_LAG_MS),
        )
        for kind, name, counted, dimensions, statistic, above in watched:
            metric = _metric("Callsheet", counted, {"service": "search", **dimensions}, statistic)
            full_name = f"{self._deployment.names.prefix}-{name}"
            Alarm(self, kind, full_name, metric, self._deployment, above=above)

    def _topic(self) -> None:
        """Subscribe whoever is on duty by hand: addresses are no business of a repository."""
        topic = sns.Topic(self, "Alarms", topic_name=self._deployment.names.alarm_topic, enforce_ssl=True)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"],
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                resources=[topic.topic_arn],
                conditions={"ArnLike": {"aws:SourceArn": arn("cloudwatch", "alarm:*")}},
            )
        )

    def _domain_widgets(self, domain: str) -> list[cloudwatch.IWidget]:
        names = self._deployment.names
        rows = [row for of, row in self._rows if of == domain]
        functions = {row.name: names.function(domain, row.name) for row in rows}
        queues = [f"{domain}/{row.name}" for row in rows if isinstance(row, Worker | BucketTrigger)]
        dead = [
            names.dead_letters(f"{domain}/{row.name}")
            for row in rows
            if isinstance(row, Worker | BucketTrigger | StreamTrigger)
        ]
        widgets: list[cloudwatch.IWidget] = [
            _graph(f"{domain}: errors", [_function("Errors", name, "Sum") for name in functions.values()]),
            _graph(f"{domain}: p95, ms", [_function("Duration", name, "p95") for name in functions.values()]),
        ]
        if queues:
            waiting = [_queue("ApproximateAgeOfOldestMessage", names.queue(worker)) for worker in queues]
            widgets.append(_graph(f"{domain}: oldest message, s", waiting))
        if dead:
            depths = [_queue("ApproximateNumberOfMessagesVisible", queue) for queue in dead]
            widgets.append(_graph(f"{domain}: dead letters", depths))
        return widgets


def _graph(title: str, metrics: list[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=metrics, width=6)


def _api(name: str, api_id: str, statistic: str) -> cloudwatch.IMetric:
    return _metric("AWS/ApiGateway", name, {"ApiId": api_id}, statistic)


def _function(name: str, function: str, statistic: str) -> cloudwatch.IMetric:
    return _metric("AWS/Lambda", name, {"FunctionName": function}, statistic)


def _queue(name: str, queue: str) -> cloudwatch.IMetric:
    return _metric("AWS/SQS", name, {"QueueName": queue}, "Maximum")


def _metric(namespace: str, name: str, dimensions: dict[str, str], statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=Duration.minutes(5),
    )
