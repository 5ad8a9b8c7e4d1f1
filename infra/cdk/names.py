"""Physical names and ARNs. They follow from stage and row alone, so that stacks need not tell each other."""

from dataclasses import dataclass

from aws_cdk import Aws

_LONGEST_FUNCTION_NAME = 64


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one stage's resources."""

    stage: str

    @property
    def prefix(self) -> str:
        return f"callsheet-{self.stage}"

    def table(self, logical_name: str) -> str:
        return f"{self.prefix}-{logical_name}"

    def bucket(self, logical_name: str) -> str:
        """Buckets share one name space with the whole world: hence the account."""
        return f"{self.prefix}-{logical_name}-{Aws.ACCOUNT_ID}"

    @property
    def bus(self) -> str:
        return self.prefix

    def secret(self, logical_name: str) -> str:
        return f"callsheet/{self.stage}/{logical_name}"

    def function(self, domain: str, name: str) -> str:
        """`callsheet-<stage>-<domain>-<verb-noun>`; Lambda allows 64 characters."""
        full = f"{self.prefix}-{domain}-{name.replace('_', '-')}"
        if len(full) > _LONGEST_FUNCTION_NAME:
            raise ValueError(f"{full} has more than {_LONGEST_FUNCTION_NAME} characters")
        return full

    def queue(self, worker: str) -> str:
        """The queue of `domain/verb_noun`, named as its function."""
        return self.function(*worker.split("/"))

    def dead_letters(self, worker: str) -> str:
        return f"{self.queue(worker)}-dead"

    def queue_url(self, worker: str) -> str:
        return f"https://sqs.{Aws.REGION}.{Aws.URL_SUFFIX}/{Aws.ACCOUNT_ID}/{self.queue(worker)}"

    def parameter(self, path: str) -> str:
        """SSM parameter that carries a value from one stack to another."""
        return f"/callsheet/{self.stage}/{path}"

    @property
    def alarm_topic(self) -> str:
        return f"{self.prefix}-alarms"

    def table_arn(self, logical_name: str) -> str:
        return arn("dynamodb", f"table/{self.table(logical_name)}")

    def bucket_arn(self, logical_name: str) -> str:
        return f"arn:{Aws.PARTITION}:s3:::{self.bucket(logical_name)}"

    def secret_arn(self, logical_name: str) -> str:
        """Secrets Manager puts a hyphen and six random characters behind the name."""
        return arn("secretsmanager", f"secret:{self.secret(logical_name)}-??????")


def arn(service: str, resource: str) -> str:
    """An ARN in this account and region."""
    return f"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}"
