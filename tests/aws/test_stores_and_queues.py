"""Records, objects and queues of the template: what outlives mistakes, and what is forgotten."""

import pytest

from core.adapters.dynamodb.records import LISTING_INDEX
from infra.local.old_profiles import KEPT_DAYS
from tests.aws.osls import Template


def test_records_survive_mistakes(template: Template) -> None:
    table = template.properties("Records")

    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is True
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_records_that_expire_are_forgotten(template: Template) -> None:
    forgets = template.properties("Records")["TimeToLiveSpecification"]

    assert forgets == {"AttributeName": "expires_at", "Enabled": True}


def test_the_table_has_the_keys_that_the_adapter_uses(template: Template) -> None:
    table = template.properties("Records")
    [index] = table["GlobalSecondaryIndexes"]

    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk"]
    assert index["IndexName"] == LISTING_INDEX
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["listing", "place"]
    assert index["Projection"] == {"ProjectionType": "ALL"}


@pytest.mark.parametrize("kept", ["Records", "Objects"])
def test_what_people_and_models_made_outlives_the_stack(template: Template, kept: str) -> None:
    assert template.resources[kept]["DeletionPolicy"] == "Retain"
    assert template.resources[kept]["UpdateReplacePolicy"] == "Retain"


def test_no_bucket_can_be_made_public(template: Template) -> None:
    for properties in template.of("AWS::S3::Bucket").values():
        assert properties["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }


def test_no_bucket_answers_without_encryption_on_the_way(template: Template) -> None:
    buckets = set(template.of("AWS::S3::Bucket"))
    policies = template.of("AWS::S3::BucketPolicy").values()

    guarded = {
        policy["Bucket"]["Ref"]
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and str(statement["Condition"]["Bool"]["aws:SecureTransport"]).lower() == "false"
    }

    assert guarded == buckets


def test_objects_can_be_restored_and_are_encrypted_and_announced(template: Template) -> None:
    bucket = template.properties("Objects")
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert bucket["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }


def test_old_bytes_do_not_pile_up(template: Template) -> None:
    rules = template.properties("Objects")["LifecycleConfiguration"]["Rules"]

    assert all(rule["Status"] == "Enabled" for rule in rules)
    assert any("NoncurrentVersionExpiration" in rule for rule in rules)
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)


def test_a_delivery_is_not_given_out_twice_while_it_runs(template: Template) -> None:
    queue, deliver = template.properties("Deliveries"), template.function("deliver")

    assert queue["FifoQueue"] is True
    assert queue["VisibilityTimeout"] >= 6 * deliver["Timeout"]  # AWS's rule


def test_a_delivery_that_slack_failed_is_not_handed_back_to_block_its_channel(
    template: Template,
) -> None:
    [mapping] = template.of("AWS::Lambda::EventSourceMapping").values()

    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["Deliveries", "Arn"]}
    assert mapping["FunctionName"] == {"Fn::GetAtt": [template.id_of("deliver"), "Arn"]}
    assert "FunctionResponseTypes" not in mapping
    assert mapping["BatchSize"] in range(1, 11)


def test_a_delivery_that_keeps_failing_is_set_aside(template: Template) -> None:
    redrive = template.properties("Deliveries")["RedrivePolicy"]
    aside = template.properties("DeliveryDeadLetters")

    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeliveryDeadLetters", "Arn"]}
    assert redrive["maxReceiveCount"] >= 3
    assert aside["FifoQueue"] is True  # a FIFO queue takes no other kind


def test_queues_are_encrypted_and_dead_letters_wait_two_weeks(template: Template) -> None:
    for name, properties in template.of("AWS::SQS::Queue").items():
        assert properties["SqsManagedSseEnabled"] is True
        if "DeadLetters" in name:
            assert properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_profiles_are_removed_as_on_one_box(template: Template) -> None:
    rules = template.properties("Objects")["LifecycleConfiguration"]["Rules"]

    [rule] = [rule for rule in rules if rule.get("Prefix") == "profiles/"]

    assert rule["ExpirationInDays"] == KEPT_DAYS
