"""What tests ask of DynamoDB without its wire is answered as moto answers on it: conditions, sets, transactions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from callsheet.platform.tables import TABLES
from tests.support.cloud import STAGE, create_table, mocked
from tests.support.dynamodb import on_the_wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Request = tuple[str, dict[str, Any]]
type Answer = dict[str, Any] | tuple[str, object]

_TABLE = next(table for table in TABLES if table.name == "bookings")
_NAME = f"callsheet-{STAGE}-{_TABLE.name}"
_INDEX = _TABLE.indexes[0]

KEYS = st.fixed_dictionaries(
    {"pk": st.sampled_from([{"S": "a"}, {"S": "b"}]), "sk": st.sampled_from([{"S": "N#1"}, {"S": "N#2"}])}
)
NUMBERS = st.integers(-2, 3).map(str)
SETS = st.sets(NUMBERS, min_size=1, max_size=3).map(lambda members: {"NS": sorted(members)})
VALUES = st.recursive(
    st.one_of(
        st.text("aé€", max_size=3).map(lambda text: {"S": text}),
        NUMBERS.map(lambda number: {"N": number}),
        st.booleans().map(lambda truth: {"BOOL": truth}),
        st.just({"NULL": True}),
        st.just({"B": b"\x00\xff"}),
        SETS,
        st.sets(st.sampled_from("xyz"), min_size=1).map(lambda members: {"SS": sorted(members)}),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda parts: {"L": parts}),
        st.dictionaries(st.sampled_from(["S", "N", "name"]), inner, max_size=2).map(
            lambda parts: {"M": parts}
        ),
    ),
    max_leaves=4,
)
ITEMS = st.builds(
    lambda key, version, taken, document, index: {
        **key,
        "version": {"N": version},
        **({"taken": taken} if taken else {}),
        **({"document": document} if document else {}),
        **index,
    },
    KEYS,
    NUMBERS,
    st.none() | SETS,
    st.none() | VALUES,
    st.sampled_from([{}, {_INDEX.hash: {"S": "i"}, _INDEX.range: {"S": "1"}}, {_INDEX.hash: {"S": ""}}]),
)
CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.sampled_from(
        [{"ConditionExpression": "attribute_not_exists(pk)"}, {"ConditionExpression": "nonsense ="}]
    ),
    NUMBERS.map(
        lambda n: {"ConditionExpression": "version = :is", "ExpressionAttributeValues": {":is": {"N": n}}}
    ),
    NUMBERS.map(
        lambda n: {
            "ConditionExpression": "attribute_exists(pk) AND NOT contains(taken, :is)",
            "ExpressionAttributeValues": {":is": {"N": n}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    ),
)
CHANGES = st.one_of(
    SETS.map(lambda members: ("ADD taken :new", members)),
    SETS.map(lambda members: ("DELETE taken :new", members)),
    NUMBERS.map(lambda number: ("ADD version :new", {"N": number})),
    VALUES.map(lambda value: ("SET document = :new", value)),
    VALUES.map(lambda value: ("REMOVE document SET other = if_not_exists(other, :new)", value)),
)


def _with(condition: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    values = {**condition.get("ExpressionAttributeValues", {}), **more.pop("values", {})}
    return {
        **condition,
        **more,
        **({"ExpressionAttributeValues": values} if values else {}),
        "TableName": _NAME,
    }


PUTS = st.builds(lambda item, condition: _with(condition, Item=item), ITEMS, CONDITIONS)
DELETES = st.builds(lambda key, condition: _with(condition, Key=key), KEYS, CONDITIONS)
UPDATES = st.builds(
    lambda key, change, condition: _with(
        condition, Key=key, UpdateExpression=change[0], values={":new": change[1]}
    ),
    KEYS,
    CHANGES,
    CONDITIONS,
)
CHECKS = DELETES.filter(lambda one: "ConditionExpression" in one)
RETURNED = st.sampled_from(["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_NEW"])
KEYS_OF_ONE = {"KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)"}

REQUESTS: st.SearchStrategy[Request] = st.one_of(
    st.tuples(st.just("GetItem"), KEYS.map(lambda key: {"TableName": _NAME, "Key": key})),
    st.tuples(st.just("PutItem"), PUTS),
    st.tuples(st.just("DeleteItem"), DELETES),
    st.tuples(
        st.just("UpdateItem"), st.builds(lambda one, what: {**one, "ReturnValues": what}, UPDATES, RETURNED)
    ),
    st.tuples(
        st.just("Query"),
        st.builds(
            lambda limit, forward, what: {
                "TableName": _NAME,
                **KEYS_OF_ONE,
                "ExpressionAttributeValues": {":pk": {"S": "a"}, ":sk": {"S": "N#"}},
                "Limit": limit,
                "ScanIndexForward": forward,
                **what,
            },
            st.integers(1, 3),
            st.booleans(),
            st.sampled_from([{}, {"Select": "COUNT"}, {"ReturnConsumedCapacity": "TOTAL"}]),
        ),
    ),
    st.just(
        (
            "Query",
            {
                "TableName": _NAME,
                "IndexName": _INDEX.name,
                "KeyConditionExpression": f"{_INDEX.hash} = :i",
                "ExpressionAttributeValues": {":i": {"S": "i"}},
            },
        )
    ),
    st.tuples(
        st.just("BatchGetItem"),
        st.lists(KEYS, min_size=1, max_size=3).map(lambda keys: {"RequestItems": {_NAME: {"Keys": keys}}}),
    ),
    st.tuples(
        st.just("BatchWriteItem"),
        st.lists(ITEMS, min_size=1, max_size=2).map(
            lambda items: {"RequestItems": {_NAME: [{"PutRequest": {"Item": item}} for item in items]}}
        ),
    ),
    st.tuples(
        st.just("TransactGetItems"),
        st.lists(KEYS, min_size=1, max_size=3).map(
            lambda keys: {"TransactItems": [{"Get": {"TableName": _NAME, "Key": key}} for key in keys]}
        ),
    ),
    st.tuples(
        st.just("TransactWriteItems"),
        st.lists(
            st.one_of(
                PUTS.map(lambda one: {"Put": one}),
                DELETES.map(lambda one: {"Delete": one}),
                UPDATES.map(lambda one: {"Update": one}),
                CHECKS.map(lambda one: {"ConditionCheck": one}),
            ),
            min_size=1,
            max_size=3,
        ).map(lambda items: {"TransactItems": items}),
    ),
)


@pytest.fixture(scope="module")
def two_clouds() -> "Iterator[tuple[DynamoDBClient, DynamoDBClient]]":
    """In two regions: one is asked on the wire, one without."""
    with mocked():
        yield (
            boto3.client("dynamodb", region_name="us-east-1"),
            boto3.client("dynamodb", region_name="us-west-2"),
        )


@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(requests=st.lists(REQUESTS, min_size=4, max_size=14))
def test_whatever_is_asked_the_answers_are_the_same(
    two_clouds: "tuple[DynamoDBClient, DynamoDBClient]", requests: Sequence[Request]
) -> None:
    wired, short = two_clouds
    for client in two_clouds:
        create_table(client, _TABLE)
    try:
        for operation, arguments in requests:
            with on_the_wire():
                expected = _answer(wired, operation, arguments)
            assert _answer(short, operation, arguments) == expected, operation
        assert short.scan(TableName=_NAME)["Items"] == wired.scan(TableName=_NAME)["Items"]
    finally:
        for client in two_clouds:
            client.delete_table(TableName=_NAME)


def _answer(client: "DynamoDBClient", operation: str, arguments: Mapping[str, Any]) -> Answer:
    try:
        answer: dict[str, Any] = client._make_api_call(operation, arguments)  # type: ignore[attr-defined]
    except ClientError as error:
        return str(error), error.response.get("CancellationReasons", error.response.get("Item"))
    except Exception as bug:  # noqa: BLE001  # moto's own, of which it has some
        return repr(bug), None
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


@pytest.mark.parametrize("operation", ["Update", "Put", "Delete"])
def test_a_transaction_that_is_cancelled_has_changed_nothing(
    two_clouds: "tuple[DynamoDBClient, DynamoDBClient]", operation: str
) -> None:
    short = two_clouds[1]
    create_table(short, _TABLE)
    try:
        item: dict[str, Any] = {
            "pk": {"S": "a"},
            "sk": {"S": "N#1"},
            "version": {"N": "1"},
            "document": {"M": {"of": {"N": "7"}}},
        }
        key = {"pk": item["pk"], "sk": item["sk"]}
        short.put_item(TableName=_NAME, Item=item)
        changes: dict[str, dict[str, Any]] = {
            "Update": {
                "Key": key,
                "UpdateExpression": "SET document.#of = :two ADD version :two",
                "ExpressionAttributeNames": {"#of": "of"},
                "ExpressionAttributeValues": {":two": {"N": "2"}},
            },
            "Put": {"Item": {**item, "version": {"N": "2"}}},
            "Delete": {"Key": key},
        }
        check = {"Key": {**key, "sk": {"S": "N#2"}}, "ConditionExpression": "attribute_exists(pk)"}
        with pytest.raises(ClientError, match="TransactionCanceled"):
            short.transact_write_items(
                TransactItems=[
                    {operation: {"TableName": _NAME, **changes[operation]}},  # type: ignore[misc]
                    {"ConditionCheck": {"TableName": _NAME, **check}},  # type: ignore[typeddict-item]
                ]
            )
        assert short.scan(TableName=_NAME)["Items"] == [item]
    finally:
        short.delete_table(TableName=_NAME)
