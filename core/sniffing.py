"""What a file is, read from its content: PDF, PNG, JPEG, WEBP, XLSX, DOCX, mail, text. All else is refused.

Sizes, pages and pixels are checked before anything is decoded or unpacked.
"""

from __future__ import annotations

import email
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

LARGEST = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_PAGES = 500
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ENTRIES = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    XLSX: (".xlsx",),
    DOCX: (".docx",),
    "message/rfc822": (".eml",),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}
_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm.{0,400}?stream\r?\n", re.DOTALL)

# Decoding is refused before it begins; this is the second lock, for whoever else opens a picture here.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class Kind:
    """What the content is, and its number of pages where that is known."""

    content_type: str
    pages: int | None = None


def sniff(content: bytes, name: str) -> Kind:
    """The kind of a file; ValidationError if it is empty, too large, damaged, unknown or misnamed."""
    if not content:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(content) > LARGEST:
        raise ValidationError(_("The file is larger than 20 MB."), code="size")
    kind = _kind(content, name.lower())
    _name_agrees(kind, name.lower())
    return kind


def _kind(content: bytes, name: str) -> Kind:
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or content[8:12] == b"WEBP":
        return _picture(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _text(content, name)


def _name_agrees(kind: Kind, name: str) -> None:
    extension = re.search(r"\.[a-z0-9]{1,5}$", name)
    if extension and extension[0] not in EXTENSIONS[kind.content_type]:
        raise ValidationError(
            _("The file's content is not what its name “%(extension)s” says."),
            code="mismatch",
            params={"extension": extension[0]},
        )


def _pdf(content: bytes) -> Kind:
    if b"%%EOF" not in content[-4096:]:
        raise _damaged()
    pages = len(_PAGE.findall(content)) or _pages_in_streams(content)
    if pages > MOST_PAGES:
        raise ValidationError(_("The PDF has more than 500 pages."), code="pages")
    return Kind("application/pdf", pages or None)


def _pages_in_streams(content: bytes) -> int:
    """Pages whose objects are packed: each packed stream is opened to a megabyte at most."""
    found, view = 0, memoryview(content)
    for number, match in enumerate(_OBJECT_STREAM.finditer(content)):
        if number >= MOST_PAGES or found > MOST_PAGES:
            break
        try:
            unpacked = zlib.decompressobj().decompress(view[match.end() :], 1024 * 1024)
        except zlib.error:
            continue
        found += len(_PAGE.findall(unpacked))
    return found


def _picture(content: bytes) -> Kind:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(_PICTURES)) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise _too_many_pixels()
                found = _PICTURES[str(picture.format)]
                picture.verify()
            with Image.open(io.BytesIO(content), formats=list(_PICTURES)) as picture:
                picture.load()  # verify() reads no pixels: a picture cut short passes it
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, zlib.error, IndexError):
        raise _damaged() from None
    return Kind(found, 1)


def _office(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _damaged() from None
    names = {each.filename for each in entries}
    if len(entries) > MOST_ENTRIES or sum(each.file_size for each in entries) > MOST_UNPACKED:
        raise ValidationError(_("The file is too large once unpacked."), code="unpacked")
    if any("vbaproject" in each.lower() for each in names):
        raise ValidationError(_("Files with macros are not taken. Save it without macros."), code="macros")
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return Kind(XLSX)
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return Kind(DOCX)
    raise _unknown()


def _text(content: bytes, name: str) -> Kind:
    text = _decoded(content)
    if any(unicodedata.category(each) == "Cc" and each not in "\r\n\t\f" for each in text[:200_000]):
        raise _unknown()
    if name.endswith(".eml"):
        headers = email.message_from_string(text[:100_000])
        if not headers["From"] or not (headers["Date"] or headers["Subject"]):
            raise _damaged()
        return Kind("message/rfc822")
    return Kind("text/csv" if name.endswith(".csv") else "text/plain")


def _decoded(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise _unknown()


def _damaged() -> ValidationError:
    return ValidationError(_("The file is damaged or not complete."), code="damaged")


def _unknown() -> ValidationError:
    return ValidationError(
        _("This kind of file is not taken. Use PDF, PNG, JPEG, WEBP, XLSX, DOCX, EML, CSV or TXT."),
        code="kind",
    )


def _too_many_pixels() -> ValidationError:
    return ValidationError(_("The picture has more than 40 million pixels."), code="pixels")
