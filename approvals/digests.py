"""Fingerprints of what is decided on: of the whole content, and of each aspect of it (R2.11, I5).

A yes signs the aspects that its kind covers (approvals/states.py, COVERS). In the next round it is carried
over exactly when all of them are what was signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from approvals.states import covers


def digest_of(content: Any) -> str:
    """The fingerprint of exactly this content (I5)."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def covered_digests(kind: str, aspects: Mapping[str, Any]) -> dict[str, str]:
    """The fingerprint of each aspect that a step of this kind covers."""
    return {name: digest_of(part) for name, part in sorted(aspects.items()) if covers(kind, name)}


def signature_of(kind: str, aspects: Mapping[str, Any], whole: str) -> str:
    """One fingerprint of all that a step of this kind covers; of the whole content without aspects."""
    return digest_of(covered_digests(kind, aspects)) if aspects else whole


def covered_parts(kind: str, aspects: Mapping[str, Any]) -> dict[str, Any]:
    """The aspects that a step of this kind covers."""
    return {name: part for name, part in aspects.items() if covers(kind, name)}
