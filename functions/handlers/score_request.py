"""Rows were sent to the function's URL: answer with predictions; a fault of theirs in words."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.domain.errors import BadData, Refusal, Unavailable, Unknown
from core.domain.ids import content_hash
from core.domain.score_request import ScoreRequest, WrongRequest
from core.ports import Ports
from core.wiring import ports
from functions.flows.score_request import score_request
from functions.flows.scoring.warm_predictors import WarmPredictors

logger = Logger(service="score_request")
_WARM = WarmPredictors()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Predict the rows of one request. IAM has let the caller in already."""
    outside = ports()
    try:
        request = ScoreRequest.read(_body(event))
        logger.thread_safe_append_keys(model=request.model)
        answer = score_request(request, _request_id(event, outside), _WARM, outside)
    except (Refusal, BadData, Unavailable) as wrong:
        status = _status(wrong)
        logger.info("request refused", status=status)
        return _http(status, json.dumps({"error": str(wrong)}))
    versions = sorted({one.version for one in answer.predictions})
    logger.info(
        "request scored",
        request=answer.request,
        rows=len(answer.predictions),
        refused=len(answer.refused),
        versions=versions,
    )
    return _http(200, answer.model_dump_json())


def _body(event: dict[str, Any]) -> bytes | str:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body
    try:
        return b64decode(body, validate=True)
    except NotBase64:
        raise WrongRequest("its body is not the base64 that it says it is") from None


def _request_id(event: dict[str, Any], outside: Ports) -> str:
    """Name the request as AWS does; on one box, by what it says and when."""
    given = event.get("requestContext", {}).get("requestId")
    return given or content_hash(f"{outside.now().isoformat()} {event.get('body')}".encode())


def _status(wrong: Refusal | BadData | Unavailable) -> int:
    if isinstance(wrong, Unavailable):
        return 503
    return 404 if isinstance(wrong, Unknown) else 400


def _http(status: int, body: str) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": body,
    }
