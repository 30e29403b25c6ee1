"""What of a customer's paper is shown beside the form: picture, PDF in a frame, first rows, a mail's text.

Everything is read as values and shown as text; nothing in a file is executed or fetched.
"""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from core.files import read_stored
from core.models import StoredFile
from core.sheets import read_sheet
from core.workbooks import read_workbook, sheet_names

ROWS, COLUMNS, CHARACTERS, SHEETS_SHOWN = 40, 20, 20_000, 12
MAIL = "message/rfc822"
SHEETS = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
HEADERS = {
    "From": pgettext_lazy("letter", "From"),
    "To": pgettext_lazy("letter", "To"),
    "Cc": pgettext_lazy("letter", "Cc"),
    "Date": pgettext_lazy("letter", "Date"),
    "Subject": pgettext_lazy("letter", "Subject"),
}
CODE = re.compile(r"<(script|style)\b", re.IGNORECASE)
CODE_ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style")}


def shown_paper(stored: StoredFile) -> dict[str, Any]:
    """How to show the file: {kind: picture, pdf, sheet, mail, text or none, …}; `note` says why not."""
    if stored.content_type == "application/pdf":
        return {"kind": "pdf"}
    if stored.is_previewable or stored.content_type.startswith("image/"):
        return {"kind": "picture"}
    try:
        content = read_stored(stored)
    except (OSError, ValueError):
        return {"kind": "none", "note": _("The file cannot be read.")}
    if stored.content_type in SHEETS:
        return _sheets(content, stored.name)
    if stored.content_type == MAIL:
        return _mail(content)
    if stored.content_type == "text/plain":
        return {"kind": "text", "text": _decoded(content)[:CHARACTERS]}
    return {"kind": "none", "note": _("This kind of file is not shown here. Open it to read it.")}


def _sheets(content: bytes, name: str) -> dict[str, Any]:
    """The first rows of each visible sheet."""
    sheets = []
    try:
        names = sheet_names(content) if content.startswith(b"PK") else [""]
        for place, title in enumerate(names[:SHEETS_SHOWN]):
            sheet = read_workbook(content, place=place) if title else read_sheet(content, name=name)
            rows = [row.cells[:COLUMNS] for row in islice(sheet.rows, ROWS)]
            width = max((len(row) for row in rows), default=0)
            sheets.append({"title": title, "rows": [row + [""] * (width - len(row)) for row in rows]})
    except ValidationError as error:
        if not sheets:
            return {"kind": "none", "note": " ".join(error.messages)}
    more = max(len(names) - SHEETS_SHOWN, 0)
    return {"kind": "sheet", "sheets": sheets, "most": ROWS, "more": more}


def _mail(content: bytes) -> dict[str, Any]:
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        headers = [(label, str(message[name])) for name, label in HEADERS.items() if message[name]]
        text = _body(message)
        files = [part.get_filename() or "–" for part in message.iter_attachments()]
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return {"kind": "text", "text": _decoded(content)[:CHARACTERS]}
    return {"kind": "mail", "headers": headers, "text": text[:CHARACTERS], "files": files[:50]}


def _body(message: EmailMessage) -> str:
    """The plain text; of a mail that has only HTML its words without tags."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    if part.get_content_subtype() != "html":
        return text
    bare = strip_tags(_without_code(text)[: CHARACTERS * 10])
    return re.sub(r"\n\s*\n+", "\n\n", bare).strip()


def _without_code(html: str) -> str:
    """Without scripts and styles; what is never closed goes to its end: one pass, however hostile."""
    kept, at = [], 0
    while (opened := CODE.search(html, at)) is not None:
        kept.append(html[at : opened.start()])
        closed = CODE_ENDS[opened[1].lower()].search(html, opened.end())
        at = len(html) if closed is None else closed.end()
    return " ".join([*kept, html[at:]])


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")
