"""Versions that stand on a stage: their records, their artefacts, and evidence about them."""

from hashlib import sha256
from math import log
from typing import Any

from core.domain.evidence import Booked, Claim, Decision, Evidence
from core.domain.ids import VersionId
from core.domain.serving import Serving
from core.domain.version import Artefact, Manifest, UsedPartition, Version
from core.flows.advance import advance
from core.ports import Ports, new
from tests.builders import NOON

GOLDEN = b"golden rows"
BETS = 8

_SHOWS: dict[Decision, tuple[Claim, ...]] = {
    "gain": (Claim.GAIN, Claim.REFRESH),
    "refresh": (Claim.REFRESH,),
    "harmful": (Claim.HARMFUL,),
    "futile": (Claim.FUTILE,),
    "undecided": (),
}
_GAINED: dict[Decision, float] = {"gain": 0.02, "harmful": -0.02}


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


def some_evidence(
    version: str, against: str, decision: Decision, days: int = 2, *, first: int = 9, **changes: Any
) -> Evidence:
    """Evidence that shows one thing, on so many days from one of February on."""
    of_version = VersionId(version)
    return Evidence(
        id=Evidence.id_of("flights", of_version, VersionId(against)),
        model="flights",
        version=of_version,
        against=VersionId(against),
        alpha=0.05,
        cohorts=tuple(
            a_cohort(f"2013-02-{first + day:02}", decision, **changes) for day in range(days)
        ),
        updated_at=NOON,
    )


def passes_its_gate(version: VersionId, ports: Ports) -> None:
    """Let a version show that it is better than the champion."""
    serving = ports.records.get(Serving, "flights")
    assert serving is not None
    advance(some_evidence(version, serving.champion or "", "gain"), ports)


def a_cohort(partition: str, decision: Decision, **changes: Any) -> Booked:
    """What one day says: alone it shows the claim, or nothing."""
    pairs = changes.get("pairs", 500)
    gained = changes.get("gained", _GAINED.get(decision, 0.0) * pairs)
    return Booked(
        partition=partition,
        labels_hash="l",
        pairs=pairs,
        gained=gained,
        squares=changes.get("squares", 0.01 * pairs),
        growth={claim: (log(25) if claim in _SHOWS[decision] else -0.1,) * BETS for claim in Claim},
    )
