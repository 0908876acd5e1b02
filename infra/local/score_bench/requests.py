"""Warm requests of rows, through the handler that answers them on AWS."""

import json
from dataclasses import dataclass
from time import perf_counter, process_time

import numpy as np

from infra.local.front_door import CallContext
from infra.local.function_call import Handler
from infra.local.score_bench.world import World, some_rows
from infra.local.scoring_rows import quiet_handler


@dataclass(frozen=True)
class RequestSpeed:
    """How long warm requests took, in ms."""

    requests: int
    rows: int
    p50_ms: float
    p99_ms: float
    cpu_p50_ms: float
    """How long they kept the processor busy: what others do on the machine is not in it."""
    cpu_p99_ms: float


def measure_requests(world: World, requests: int, rows: int) -> RequestSpeed:
    """Send requests one after the other; what loads the champion is sent before."""
    sent = some_rows("2013-02-01", rows).to_dict(orient="records")
    body = json.dumps({"model": world.config.model, "rows": sent})
    with quiet_handler(world.ports) as answer_to:
        _answered(answer_to, body, "warm")
        taken = [_answered(answer_to, body, f"r{number}") for number in range(requests)]
    (p50, cpu_p50), (p99, cpu_p99) = np.percentile(taken, [50, 99], axis=0).tolist()
    return RequestSpeed(requests, rows, p50, p99, cpu_p50, cpu_p99)


def _answered(answer_to: Handler, body: str, name: str) -> tuple[float, float]:
    event = {"body": body, "requestContext": {"requestId": name}}
    started, busy = perf_counter(), process_time()
    answer = answer_to(event, CallContext("score_request"))
    took = (perf_counter() - started) * 1000, (process_time() - busy) * 1000
    if "error" in answer["body"]:
        raise ValueError(answer["body"])
    return took
