"""Files: taken in by their content, stored outside the web root under a random name, served as attachments.

The caller checks the right before `file_response`; this module never asks who may see a file.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from core.fields import clean_text
from core.models import StoredFile
from core.sniffing import EXTENSIONS, LARGEST, Kind, sniff

log = structlog.get_logger(__name__)
_CHUNK = 64 * 1024
#: A picture needs nothing but itself. A browser's own PDF viewer does not start in a sandbox, so a PDF is
#: held by the absence of every source instead.
_POLICY = {
    "application/pdf": "default-src 'none'; object-src 'self'; frame-ancestors 'self'",
    "": "default-src 'none'; img-src 'self'; frame-ancestors 'self'; sandbox",
}


def store_upload(upload: UploadedFile, *, actor: Any) -> StoredFile:
    """Take a file in: size, type by content, pages and pixels are checked before anything is written.

    Raises ValidationError in the reader's language; then nothing is stored.
    """
    return store_bytes(read_upload(upload), name=upload.name or "", actor=actor)


def read_upload(upload: UploadedFile) -> bytes:
    """The content, at most the limit, whatever the upload says of its size."""
    if (upload.size or 0) > LARGEST:
        raise ValidationError(_("The file is larger than 20 MB."), code="size")
    parts, total = [], 0
    for chunk in upload.chunks(_CHUNK):
        total += len(chunk)
        if total > LARGEST:
            raise ValidationError(_("The file is larger than 20 MB."), code="size")
        parts.append(chunk)
    return b"".join(parts)


def store_bytes(content: bytes, *, name: str, actor: Any = None) -> StoredFile:
    """Store what was read from elsewhere (a mail, a rendered document) under the same checks."""
    clean_name = file_name(name)
    kind = sniff(content, clean_name)
    key = f"{secrets.token_hex(1)}/{secrets.token_hex(20)}"
    _write(path_of(key), content)
    return StoredFile.objects.create(
        name=_with_extension(clean_name, kind),
        key=key,
        content_type=kind.content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        pages=kind.pages,
        uploaded_by=actor,
    )


def read_stored(stored: StoredFile) -> bytes:
    """The file's content; OSError if it is gone, ValueError if it is not what was stored."""
    content = path_of(stored.key).read_bytes()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise ValueError(f"stored file {stored.pk} was changed on disk")
    return content


def file_response(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as an attachment; in place only if asked for, and only PDF, PNG, JPEG and WEBP."""
    shown = inline and stored.is_previewable
    response = FileResponse(
        path_of(stored.key).open("rb"),
        as_attachment=not shown,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY.get(stored.content_type, _POLICY[""])
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response


def path_of(key: str) -> Path:
    """Where a key lies under PRIVATE_MEDIA_ROOT."""
    return Path(settings.PRIVATE_MEDIA_ROOT) / "files" / key


def file_name(name: str) -> str:
    """The last part of a name, without what cannot be stored; the extension survives shortening."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    try:
        kept = clean_text(last)
    except ValidationError:
        raise ValidationError(_("Rename the file: its name holds odd characters."), code="name") from None
    stem, dot, extension = kept.rpartition(".")
    return kept if len(kept) <= 120 else f"{(stem or kept)[:110]}{dot}{extension[:8]}"


def _write(path: Path, content: bytes) -> None:
    """Whole on the disk or not at all; a full disk is told to the person, and logged."""
    unfinished = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with unfinished.open("xb") as target:
            os.fchmod(target.fileno(), 0o600)
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        log.exception("file.not_stored")
        raise ValidationError(
            _("The file could not be stored. Nothing was saved; try again."), code="disk"
        ) from error


def _with_extension(name: str, kind: Kind) -> str:
    has_one = any(name.lower().endswith(each) for each in EXTENSIONS[kind.content_type])
    return name if has_one else f"{name or 'file'}{EXTENSIONS[kind.content_type][0]}"
