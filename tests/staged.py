"""Versions that stand on a stage: their records, their artefacts, and evidence about them."""

from hashlib import sha256
from typing import Any

from core.domain.challenge import Challenge
from core.domain.evidence import Decision, Evidence
from core.domain.ids import VersionId
from core.domain.serving import Serving
from core.domain.terms import Trial
from core.domain.version import Artefact, Manifest, SimpleModel, UsedPartition, Version
from core.flows.advance import advance
from core.ports import Ports, changed, new
from tests.builders import NOON
from tests.compared import a_cohort, alike, some_differences, some_terms

GOLDEN = b"golden rows"

_DAYS: dict[Decision, tuple[float, int, float]] = {
    "gain": (0.02, 500, 0.05),
    "refresh": (0.0, 5000, 0.001),
    "harmful": (-0.02, 500, 0.05),
    "futile": (0.0, 5000, 0.001),
    "undecided": (0.0, 20, 0.001),
}
"""The mean difference, the pairs and the spread of one day."""


def an_artefact(version: str, body: bytes) -> Artefact:
    """Where the bytes of a version lie."""
    return Artefact(
        key=f"models/flights/{version}/model.skops",
        sha256=sha256(body).hexdigest(),
        size_bytes=len(body),
        golden_key=f"models/flights/{version}/golden.parquet",
        golden_sha256=sha256(GOLDEN).hexdigest(),
    )


def a_manifest(**changes: Any) -> Manifest:
    """What made a version."""
    stated = {
        "model": "flights",
        "code_ref": "code",
        "config_hash": "config",
        "columns": {},
        "partitions": (a_used("2013-01-01"), a_used("2013-01-02")),
        "seed": 0,
        "environment": {"python": "3.11"},
    }
    return Manifest.model_validate(stated | changes)


def a_used(partition: str, rows: int = 100) -> UsedPartition:
    """One partition that was learned from."""
    return UsedPartition(partition=partition, features_hash="f", labels_hash="l", rows=rows)


def a_version(version: str, seal: str, body: bytes = b"pipeline", **changes: Any) -> Version:
    """A version as it is stored."""
    stated = {
        "id": version,
        "manifest": a_manifest(),
        "artefact": an_artefact(version, body),
        "seal": seal,
        "reference_key": "reference",
        "parent": None,
        "made_at": NOON,
        "asked_by": "watchkeeper",
        "reason": "cadence",
    }
    return Version.model_validate(stated | changes)


def store_version(version: str, ports: Ports, body: bytes = b"pipeline", **changes: Any) -> Version:
    """Store a version and its artefact, sealed by us."""
    artefact, name = an_artefact(version, body), VersionId(version)
    ports.objects.put(artefact.key, body)
    ports.objects.put(artefact.golden_key, GOLDEN)
    seal = changes.pop("seal", None) or ports.signer.sign(artefact.claim("flights", name))
    stored = a_version(version, seal, body, **changes)
    ports.records.commit(new(stored))
    return stored


def a_simple_model(version: str, ports: Ports, body: bytes = b"simple") -> SimpleModel:
    """Store the simple model of a version, sealed by us."""
    name = Version.simple_id(VersionId(version))
    artefact = an_artefact(name, body)
    ports.objects.put(artefact.key, body)
    ports.objects.put(artefact.golden_key, GOLDEN)
    seal = ports.signer.sign(artefact.claim("flights", name))
    return SimpleModel(artefact=artefact, seal=seal, usual=(0.5,))


def some_evidence(  # noqa: PLR0913 - who, against whom, what, and on which days
    version: str,
    against: str,
    decision: Decision,
    days: int = 2,
    *,
    first: int = 9,
    trial: Trial = "shadow",
    day: tuple[float, int, float] | None = None,
) -> Evidence:
    """Evidence that shows one thing each day, on so many days from one of February on.

    Or what comes of `day`: the mean difference, the pairs and the spread of each.
    """
    mean, pairs, spread = day or _DAYS[decision]
    terms = some_terms(trial, margin=0.0002 if decision == "futile" else 0.002, least_gain=0.002)
    begun = Evidence.beginning(
        "flights",
        VersionId(version),
        against=VersionId(against),
        trial=trial,
        terms=terms,
        before=alike(mean),
        at=NOON,
    )
    booked = [
        a_cohort(first - 1 + n, some_differences(n, mean, pairs, spread), terms=terms)
        for n in range(days)
    ]
    return begun.booking(booked, NOON)


def passes_its_review(version: VersionId, ports: Ports) -> None:
    """Forget what the review found: rows that a test makes up are too good to be true."""
    challenge = ports.records.get(Challenge, Challenge.id_of("flights", version))
    assert challenge is not None
    assert ports.records.commit(changed(challenge.model_copy(update={"findings": ()})))


def passes_its_gate(version: VersionId, ports: Ports) -> None:
    """Let a version show that it is better than the champion."""
    serving = ports.records.get(Serving, "flights")
    assert serving is not None
    advance(some_evidence(version, serving.champion or "", "gain"), ports)
