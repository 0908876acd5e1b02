"""What people must know of a trained version to decide; apart, so that the bot does not load it."""

from core.domain.challenge import Challenge, ChallengeState, Compared
from core.domain.version import Evaluation, UsedPartition, Version


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
        state=ChallengeState.SHADOW,
    )
    return judged_by(unjudged, evaluation)


def judged_by(challenge: Challenge, evaluation: Evaluation) -> Challenge:
    """Show what an evaluation says, in place of what an earlier one said."""
    gain = evaluation.brier_gain
    return challenge.model_copy(
        update={
            "against": evaluation.champion,
            "validated_on": _days_and_rows(evaluation.validation),
            "compared": _side_by_side(evaluation),
            "gain": (gain.low, gain.middle, gain.high) if gain else None,
        }
    )


def _days_and_rows(used: tuple[UsedPartition, ...]) -> str:
    rows = sum(partition.rows for partition in used)
    return f"{used[0].partition} to {used[-1].partition}, {rows:,} labelled rows"


def _side_by_side(evaluation: Evaluation) -> tuple[Compared, ...]:
    names = {"Brier score": "brier", "Log loss": "log_loss", "Accuracy": "accuracy"}
    champion = evaluation.champion_metrics
    return tuple(
        Compared(
            metric=name,
            version=getattr(evaluation.metrics, field),
            champion=getattr(champion, field) if champion else None,
        )
        for name, field in (names | {"ROC AUC": "roc_auc"}).items()
        if getattr(evaluation.metrics, field) is not None
    )
