"""The environment variables of a place where Watchkeeper runs."""

ONE_BOX = {"WATCHKEEPER_FOLDER": "/var/lib/watchkeeper"}
AWS = {
    "RECORDS_TABLE": "watchkeeper-dev-records",
    "OBJECTS_BUCKET": "watchkeeper-dev-objects",
    "DELIVERY_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/d.fifo",
    "FUNCTION_PREFIX": "watchkeeper-dev",
    "FUNCTION_ARN_PREFIX": "arn:aws:lambda:eu-central-1:123456789012:function:watchkeeper-dev",
    "SCHEDULE_GROUP": "watchkeeper-dev",
    "SCHEDULER_ROLE_ARN": "arn:aws:iam::123456789012:role/scheduler",
    "SCHEDULER_DLQ_ARN": "arn:aws:sqs:eu-central-1:123456789012:dead",
    "FAN_ARN": "arn:aws:states:eu-central-1:123456789012:stateMachine:watchkeeper-dev-fan",
    "SECOND_ROUTE_TOPIC_ARN": "arn:aws:sns:eu-central-1:123456789012:second",
    "SECRETS_PARAMETER": "/watchkeeper/dev/secrets",
}
