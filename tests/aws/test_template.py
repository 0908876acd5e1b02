"""The template as a whole, its functions, and where people hear that something failed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from core.config import AwsSettings
from tests.aws.osls import ROOT, Template
from tests.aws.template_parts import (
    ASYNCHRONOUS,
    DATA_FUNCTIONS,
    DEAD_LETTERS,
    EVERY_FUNCTION,
    TELL_PEOPLE,
    grants,
    kinds,
    role_of,
)


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


def test_the_rows_of_a_training_have_room_as_a_file_if_they_have_room_in_memory(
    template: Template,
) -> None:
    retrain = template.function("retrain")

    assert retrain["EphemeralStorage"]["Size"] >= retrain["MemorySize"]


def test_a_marker_starts_what_data_starts(template: Template) -> None:
    [key] = template.properties("ObjectLanded")["EventPattern"]["detail"]["object"]["key"]

    assert list(key) == ["anything-but"]  # no ending is asked for: `_SUCCESS` has none
    assert list(key["anything-but"]) == ["prefix"]


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
