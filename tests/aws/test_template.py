import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from core.adapters.dynamodb.records import LISTING_INDEX
from core.config import AwsSettings
from core.domain.job import Function
from infra.local.old_profiles import KEPT_DAYS
from tests.aws.osls import ROOT, Template, listed

DATA_FUNCTIONS = (
    "check_partition",
    "profile_object",
    "score",
    "score_request",
    "shadow",
    "join_labels",
    "retrain",
)
ASYNCHRONOUS = (
    "check_partition",
    "score",
    "shadow",
    "join_labels",
    "retrain",
    "sweep",
    "refresh_people",
)
EVERY_FUNCTION = ("bot", *get_args(Function))

DEAD_LETTERS = {"Fn::GetAtt": ["DeadLetters", "Arn"]}
TELL_PEOPLE = [{"Ref": "SecondRoute"}]


@pytest.mark.parametrize("step", ["creates", "file"])
def test_cloudformation_has_nothing_to_say_against_it(template: Template, step: str) -> None:
    lint = Path(sys.executable).with_name("cfn-lint")
    # W3005: osls states a dependency of each function on its role that is implied anyway.
    told = subprocess.run(
        [
            lint,
            "--ignore-checks=W3005",
            "--regions=eu-central-1",
            f"--template={getattr(template, step)}",
        ],
        check=False,
        capture_output=True,
        text=True,
    )

    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_each_function_is_there_under_the_name_by_which_jobs_start_it(template: Template) -> None:
    functions = template.of("AWS::Lambda::Function").values()

    names = {properties["FunctionName"] for properties in functions}
    prefix = template.function("bot")["Environment"]["Variables"]["FUNCTION_PREFIX"]

    assert names == {f"{prefix}-{name}" for name in EVERY_FUNCTION}


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


@pytest.mark.parametrize("function", ASYNCHRONOUS)
def test_an_event_that_a_function_gave_up_is_kept(template: Template, function: str) -> None:
    name = template.id_of(function)
    configs = template.of("AWS::Lambda::EventInvokeConfig").values()

    [config] = [config for config in configs if config["FunctionName"] == {"Ref": name}]

    assert config["DestinationConfig"]["OnFailure"]["Destination"] == DEAD_LETTERS
    assert config["MaximumRetryAttempts"] in {0, 2}
    assert ("sqs:SendMessage", DEAD_LETTERS) in grants(template, role_of(template, function))


def test_functions_are_asynchronous_but_for_those_that_somebody_waits_for() -> None:
    waited_for = {
        "bot",
        "deliver",
        "profile_object",
        "score_request",
    }  # Slack, a queue, AWS, people

    assert {*ASYNCHRONOUS, *waited_for} == set(EVERY_FUNCTION)


def test_a_landed_object_reaches_its_functions_or_is_kept(template: Template) -> None:
    [(name, rule)] = template.of("AWS::Events::Rule").items()
    permissions = template.of("AWS::Lambda::Permission").values()

    reached = {target["Id"] for target in rule["Targets"]}
    allowed = {
        permission["FunctionName"]["Ref"]
        for permission in permissions
        if permission.get("SourceArn") == {"Fn::GetAtt": [name, "Arn"]}
        and permission["Principal"] == "events.amazonaws.com"
    }

    assert reached == {"check_partition", "score", "join_labels"}
    for target in rule["Targets"]:
        assert target["Arn"] == {"Fn::GetAtt": [template.id_of(target["Id"]), "Arn"]}
        assert target["DeadLetterConfig"] == {"Arn": DEAD_LETTERS}
        assert target["RetryPolicy"]["MaximumRetryAttempts"] > 0
    assert allowed == {template.id_of(function) for function in reached}
    assert template.properties("DeadLettersOfTheRule")["PolicyDocument"]["Statement"][0][
        "Condition"
    ] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [name, "Arn"]}}}


def test_what_functions_write_starts_no_function(template: Template) -> None:
    pattern = template.properties("ObjectLanded")["EventPattern"]
    [key] = pattern["detail"]["object"]["key"]
    written = {
        resource["Fn::Sub"].removeprefix("${Objects.Arn}/").removesuffix("*")
        for function in EVERY_FUNCTION
        for action, resource in grants(template, role_of(template, function))
        if action == "s3:PutObject"
    }

    assert set(key["anything-but"]["prefix"]) == written


def test_what_the_code_writes_is_what_it_may_write(template: Template) -> None:
    [key] = template.properties("ObjectLanded")["EventPattern"]["detail"]["object"]["key"]
    files = (file for part in ("functions", "core/domain") for file in (ROOT / part).rglob("*.py"))
    sources = "\n".join(file.read_text() for file in files)

    prefixes = set(re.findall(r'f"([a-z]+/)\{', sources))

    assert prefixes == set(key["anything-but"]["prefix"])


def test_who_reads_objects_by_name_may_be_told_that_one_is_gone(template: Template) -> None:
    for function in EVERY_FUNCTION:
        granted = grants(template, role_of(template, function))
        if "s3:GetObject" in {action for action, _ in granted}:  # else S3 says AccessDenied
            assert ("s3:ListBucket", {"Fn::GetAtt": ["Objects", "Arn"]}) in granted, function


def test_the_rows_of_a_training_have_room_as_a_file_if_they_have_room_in_memory(
    template: Template,
) -> None:
    retrain = template.function("retrain")

    assert retrain["EphemeralStorage"]["Size"] >= retrain["MemorySize"]


def test_a_marker_starts_what_data_starts(template: Template) -> None:
    [key] = template.properties("ObjectLanded")["EventPattern"]["detail"]["object"]["key"]

    assert list(key) == ["anything-but"]  # no ending is asked for: `_SUCCESS` has none
    assert list(key["anything-but"]) == ["prefix"]


def test_the_sweep_may_start_what_looks_at_partitions_and_no_more(template: Template) -> None:
    may_start = {
        resource["Fn::Sub"].rpartition("-")[2]
        for action, resource in grants(template, "SweepRole")
        if action == "lambda:InvokeFunction"
    }

    assert may_start == {"check_partition", "score"}


def test_schedules_start_what_their_role_may_start_and_leave_a_dead_letter(
    template: Template,
) -> None:
    schedules = template.of("AWS::Scheduler::Schedule")
    may_start = [
        resource["Fn::Sub"].rpartition("-")[2]
        for action, resource in grants(template, "SchedulerRole")
        if action == "lambda:InvokeFunction"
    ]

    started = {properties["Name"] for properties in schedules.values()}

    assert started == {"sweep", "refresh_people"}
    assert set(may_start) == started | {"retrain"}  # `watchkeeper apply` adds those of models
    for properties in schedules.values():
        target = properties["Target"]
        assert target["Arn"] == {"Fn::GetAtt": [template.id_of(properties["Name"]), "Arn"]}
        assert target["RoleArn"] == {"Fn::GetAtt": ["SchedulerRole", "Arn"]}
        assert target["DeadLetterConfig"] == {"Arn": DEAD_LETTERS}
        assert "MaximumRetryAttempts" in target["RetryPolicy"]
    assert ("sqs:SendMessage", DEAD_LETTERS) in grants(template, "SchedulerRole")


def test_the_state_machine_calls_what_its_role_may_call_and_tries_again(
    template: Template,
) -> None:
    machine = template.properties("Fan")
    states = machine["Definition"]["States"]
    [child] = states["Objects"]["ItemProcessor"]["States"].values()
    called = {
        machine["DefinitionSubstitutions"][task["Resource"][2:-1]]["Fn::GetAtt"][0]
        for task in (child, states["Check"])
    }
    may_call = {
        resource["Fn::Sub"].rpartition("-")[2]
        for action, resource in grants(template, "FanRole")
        if action == "lambda:InvokeFunction"
    }

    assert may_call == {"profile_object", "check_partition"}
    assert called == {template.id_of(function) for function in may_call}
    for task in (child, states["Check"]):
        assert task["Retry"][-1]["ErrorEquals"] == ["States.ALL"]
        assert task["Retry"][-1]["MaxAttempts"] == 2


def test_the_state_machine_has_one_child_for_each_object_and_reads_their_list(
    template: Template,
) -> None:
    machine = template.properties("Fan")
    objects = machine["Definition"]["States"]["Objects"]
    functions = template.function("bot")["Environment"]["Variables"]

    assert machine["Definition"]["States"]["Landing"]["Seconds"] == 60  # as long as its name lasts
    assert objects["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    assert objects["ItemReader"]["Parameters"]["Key.$"] == "$.manifest"
    assert "ResultWriter" not in objects  # each child writes its own profile
    assert functions["FAN_ARN"]["Fn::Sub"].endswith(f":stateMachine:{machine['StateMachineName']}")
    read = [of for action, of in grants(template, "FanRole") if action == "s3:GetObject"]
    assert read == [{"Fn::Sub": "${Objects.Arn}/profiles/fans/*"}]


def test_profiles_are_removed_as_on_one_box(template: Template) -> None:
    rules = template.properties("Objects")["LifecycleConfiguration"]["Rules"]

    [rule] = [rule for rule in rules if rule.get("Prefix") == "profiles/"]

    assert rule["ExpirationInDays"] == KEPT_DAYS


def test_only_schedules_of_our_group_take_the_schedulers_role(template: Template) -> None:
    [statement] = template.properties("SchedulerRole")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {
        "aws:SourceAccount": {"Ref": "AWS::AccountId"},
        "aws:SourceArn": {"Fn::GetAtt": ["Schedules", "Arn"]},
    }


def test_each_function_has_a_role_of_its_own_for_lambda_alone(template: Template) -> None:
    roles = [role_of(template, function) for function in EVERY_FUNCTION]

    assert len(set(roles)) == len(roles)
    for role in roles:
        [statement] = template.properties(role)["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_no_role_may_do_everything_or_anywhere(template: Template) -> None:
    for role in template.of("AWS::IAM::Role"):
        for action, resource in grants(template, role):
            assert "*" not in action
            assert resource != "*"


def test_each_function_writes_its_own_log_which_is_kept_for_a_month(template: Template) -> None:
    kept = {
        properties["LogGroupName"]: properties["RetentionInDays"]
        for properties in template.of("AWS::Logs::LogGroup").values()
    }
    names = {f"/aws/lambda/watchkeeper-dev-{function}" for function in EVERY_FUNCTION}

    assert kept == dict.fromkeys(names, 30)
    for function in EVERY_FUNCTION:
        written = {
            resource["Fn::Sub"].rpartition("log-group:")[2]
            for action, resource in grants(template, role_of(template, function))
            if action.startswith("logs:")
        }
        assert written == {f"/aws/lambda/watchkeeper-dev-{function}:*"}


def test_only_the_bot_can_be_called_without_a_signature_of_aws(template: Template) -> None:
    urls = template.of("AWS::Lambda::Url").values()
    permissions = template.of("AWS::Lambda::Permission").values()

    open_to_all = {
        permission["FunctionName"]["Fn::GetAtt"][0]
        for permission in permissions
        if permission["Principal"] == "*"
    }

    # Slack cannot sign for AWS; bolt refuses what does not carry Slack's own signature.
    asks = {url["TargetFunctionArn"]["Fn::GetAtt"][0]: url["AuthType"] for url in urls}
    assert asks == {template.id_of("bot"): "NONE", template.id_of("score_request"): "AWS_IAM"}
    assert open_to_all == {template.id_of("bot")}


def test_functions_are_told_exactly_what_the_settings_read(template: Template) -> None:
    read = {field.upper() for field in AwsSettings.model_fields}
    read |= {"SLACK_API_URL", "CODE_REF"}
    read |= {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}  # read by Powertools itself

    for function in EVERY_FUNCTION:
        assert set(template.function(function)["Environment"]["Variables"]) == read


def test_no_secret_stands_in_an_environment(template: Template) -> None:
    for function in EVERY_FUNCTION:
        told = template.function(function)["Environment"]["Variables"]
        assert told["SECRETS_PARAMETER"] == "/watchkeeper/dev/secrets"  # where it is, not what
        assert not re.search(r"xox[a-z]-|xapp-|AKIA", str(told))


def test_data_functions_are_one_image_that_is_named_by_its_bytes(template: Template) -> None:
    functions = [template.function(function) for function in DATA_FUNCTIONS]

    [image] = {properties["Code"]["ImageUri"] for properties in functions}
    commands = [properties["ImageConfig"]["Command"] for properties in functions]

    assert re.search(r"@sha256:[0-9a-f]{64}$", image)
    assert commands == [[f"functions.handlers.{name}.handler"] for name in DATA_FUNCTIONS]


def test_the_emulator_runs_the_same_handlers_and_resources(
    template: Template, local_template: Template
) -> None:
    image, zipped = (
        yaml.safe_load((ROOT / f"infra/aws/data-code/{kind}.yml").read_text())
        for kind in ("image", "zip")
    )

    handlers = {name: stated["image"]["command"] for name, stated in image.items()}

    assert handlers == {name: [stated["handler"]] for name, stated in zipped.items()}
    assert kinds(local_template) == kinds(template)


def test_people_hear_of_each_alarm_and_of_its_end(template: Template) -> None:
    for alarm in template.of("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == TELL_PEOPLE
        assert alarm["OKActions"] == TELL_PEOPLE
        assert len(alarm["AlarmDescription"]) > 40  # what it means, and where to look first


def test_every_way_to_fail_has_an_alarm(template: Template) -> None:
    alarms = template.of("AWS::CloudWatch::Alarm").values()

    watched = {
        (alarm["MetricName"], str(dimension["Value"]))
        for alarm in alarms
        for dimension in alarm["Dimensions"]
    }

    def of_queue(name: str) -> str:
        return str({"Fn::GetAtt": [name, "QueueName"]})

    assert watched == {
        ("ApproximateNumberOfMessagesVisible", of_queue("DeadLetters")),
        ("ApproximateNumberOfMessagesVisible", of_queue("DeliveryDeadLetters")),
        ("ApproximateAgeOfOldestMessage", of_queue("Deliveries")),
        ("Url5xxCount", str({"Ref": template.id_of("bot")})),
        ("Url5xxCount", str({"Ref": template.id_of("score_request")})),
        ("ExecutionsFailed", str({"Ref": "Fan"})),
        ("Invocations", str({"Ref": template.id_of("sweep")})),
    }


def role_of(template: Template, function: str) -> str:
    """Return the logical id of a function's role."""
    [role, _] = template.function(function)["Role"]["Fn::GetAtt"]
    return str(role)


def grants(template: Template, role: str) -> list[tuple[str, Any]]:
    """Return what a role allows: pairs of action and resource."""
    return [
        (action, resource)
        for statement in template.statements(role)
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    ]


def kinds(template: Template) -> dict[str, str]:
    """Return the kind of each resource."""
    return {name: resource["Type"] for name, resource in template.resources.items()}
