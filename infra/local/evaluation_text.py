"""`watchkeeper evaluate`: what an evaluation found, as lines for a terminal."""

import json
import re
from collections.abc import Iterator

from core.domain.evaluation import Evaluation, ProposedSlice
from core.domain.evaluation_words import (
    calibration_in_words,
    kpi_in_words,
    metric_in_words,
    part_in_words,
    standard_in_words,
)
from core.domain.serving import short
from core.domain.wording import number, plain

_LONGEST_NAME = 40  # of a slice in a config
_NOT_IN_A_NAME = re.compile(r"[^\w .-]+")


def evaluation_text(evaluation: Evaluation) -> Iterator[str]:
    """Write everything it says, and the proposed slices ready to be pasted."""
    beside = f" beside champion {short(evaluation.champion)}" if evaluation.champion else ""
    yield f"`{evaluation.model}` version {short(evaluation.version)}{beside}"
    days = evaluation.validation
    yield f"{evaluation.rows:,} rows, {days[0].partition} to {days[-1].partition}; {evaluation.id}"
    yield from (f"  {metric_in_words(metric)}" for metric in evaluation.metrics)
    yield from _under("Parts", [part_in_words(part) for part in evaluation.parts])
    yield from _under("Margins", [standard_in_words(one) for one in evaluation.standards])
    kpi = kpi_in_words(evaluation.kpi)
    yield from _under("KPI", [kpi] if kpi else [])
    said = calibration_in_words(evaluation.calibration, evaluation.champion_calibration)
    yield from _under("Calibration", [said] if said else [])
    yield from _under("It loses more where", [_proposed(one) for one in evaluation.proposed])
    pasted = [_to_paste(one) for one in evaluation.proposed]
    yield from _under("To look at them from now on, paste under `evaluation.slices`", pasted)
    yield from evaluation.notes


def _under(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield heading
        yield from (f"  {line}" for line in lines)


def _proposed(one: ProposedSlice) -> str:
    interval = ""
    if one.excess.low is not None and one.excess.high is not None:
        interval = f" ({number(one.excess.low)} to {number(one.excess.high)})"
    more = f"{number(one.excess.middle)} more{interval} than elsewhere"
    return f"{plain(one.name)}: {one.rows:,} rows, loss {number(one.loss)}, {more}"


def _to_paste(one: ProposedSlice) -> str:
    """Write it as YAML on one line, which JSON is."""
    words = _NOT_IN_A_NAME.sub(" ", one.name)
    name = words if words[0].isalpha() and words[0].isascii() else f"slice {words}"
    where = [condition.model_dump(mode="json", exclude_none=True) for condition in one.where]
    return f"- {json.dumps({'name': name[:_LONGEST_NAME].strip(), 'where': where})}"
