"""GATE's two functions, imported without the gigabytes that its clustering of columns needs.

The clustering asks sentence_transformers for a model of columns' names. It is switched off here, so
an empty package stands in for that one while GATE is imported.
"""

import sys
from types import ModuleType

_absent = ModuleType("sentence_transformers")
_absent.SentenceTransformer = object  # type: ignore[attr-defined]  # only its name is imported
sys.modules.setdefault("sentence_transformers", _absent)

from gate import detect_drift, summarize  # noqa: E402 - after its stand-in

__all__ = ["detect_drift", "summarize"]
