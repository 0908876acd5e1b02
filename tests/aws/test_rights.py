"""Who may do what: each function, schedule and state machine no more than it needs."""

import re

from tests.aws.osls import ROOT, Template
from tests.aws.template_parts import DEAD_LETTERS, EVERY_FUNCTION, grants, role_of


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
