"""What people must know of a trained version to decide; apart, so that the bot does not load it."""

from core.domain.challenge import Challenge, ChallengeState, Compared
from core.domain.evaluation import Evaluation
from core.domain.evaluation_words import (
    calibration_in_words,
    difference_in_words,
    kpi_in_words,
    standard_in_words,
    worst_in_words,
)
from core.domain.version import UsedPartition, Version


def challenge_of(version: Version, evaluation: Evaluation, channel: str) -> Challenge:
    """Let a version stand for promotion on the evidence of its evaluation."""
    manifest = version.manifest
    unjudged = Challenge(
        id=Challenge.id_of(manifest.model, version.id),
        model=manifest.model,
        version=version.id,
        against=None,
        channel=channel,
        asked_by=version.asked_by,
        reason=version.reason,
        proposed_at=version.made_at,
        trained_on=_days_and_rows(manifest.partitions),
        validated_on="",
        compared=(),
        gain=None,
        config_hash=manifest.config_hash,
        findings=version.findings,
        is_reproducible=not manifest.unhashed,
        state=ChallengeState.SHADOW,
    )
    return judged_by(unjudged, evaluation)


def judged_by(challenge: Challenge, evaluation: Evaluation) -> Challenge:
    """Show what an evaluation says, in place of what an earlier one said."""
    gain = evaluation.gain
    has_interval = gain is not None and gain.low is not None and gain.high is not None
    return challenge.model_copy(
        update={
            "against": evaluation.champion,
            "validated_on": _days_and_rows(evaluation.validation),
            "compared": _side_by_side(evaluation),
            "gain": (gain.low, gain.middle, gain.high) if gain and has_interval else None,
            "loss": evaluation.metrics[0].title,
            "worst_slices": worst_in_words(evaluation),
            "standards": tuple(standard_in_words(one) for one in evaluation.standards),
            "kpi": kpi_in_words(evaluation.kpi),
            "calibration": calibration_in_words(
                evaluation.calibration, evaluation.champion_calibration
            ),
            "proposed_slices": len(evaluation.proposed),
        }
    )


def _days_and_rows(used: tuple[UsedPartition, ...]) -> str:
    rows = sum(partition.rows for partition in used)
    return f"{used[0].partition} to {used[-1].partition}, {rows:,} labelled rows"


def _side_by_side(evaluation: Evaluation) -> tuple[Compared, ...]:
    return tuple(
        Compared(
            metric=metric.title,
            version=metric.version.middle,
            champion=metric.champion.middle if metric.champion else None,
            difference=difference_in_words(metric.gain) if metric.champion else None,
        )
        for metric in evaluation.metrics
    )
