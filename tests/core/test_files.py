"""Files are what their content is, within limits, under a random name, and leave as attachments."""

import io
import os
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile

from core import sniffing
from core.files import file_name, file_response, path_of, read_stored, store_bytes, store_upload
from core.models import StoredFile

PDF = b"%PDF-1.7\n1 0 obj<</Type /Page>>endobj 2 0 obj<</Type/Pages>>endobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.PRIVATE_MEDIA_ROOT = tmp_path


def picture(form: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "red").save(target, form)
    return target.getvalue()


def sheet() -> bytes:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    return target.getvalue()


def packed(**entries: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


@pytest.mark.django_db
@pytest.mark.rule("R1.1")
@pytest.mark.parametrize(
    ("name", "content", "content_type", "pages"),
    [
        ("订单.pdf", PDF, "application/pdf", 1),
        ("a.png", picture(), "image/png", 1),
        ("a.JPG", picture("JPEG"), "image/jpeg", 1),
        ("a.webp", picture("WEBP"), "image/webp", 1),
        ("a.xlsx", sheet(), sniffing.XLSX, None),
        ("a.docx", packed(**{"[Content_Types].xml": b"x", "word__document.xml": b"x"}), sniffing.DOCX, None),
        ("a.eml", "From: 王 <a@b.c>\nSubject: 订单\n\n请发货".encode(), "message/rfc822", None),
        ("a.csv", "产品,数量\n轴承,3".encode("gb18030"), "text/csv", None),
        ("a.txt", b"\xef\xbb\xbfhello", "text/plain", None),
    ],
)
def test_a_file_is_stored_as_what_its_content_is(name, content, content_type, pages):
    stored = store_upload(SimpleUploadedFile(name, content, content_type="text/html"), actor=None)

    assert (stored.name, stored.content_type, stored.pages, stored.size) == (
        name,
        content_type,
        pages,
        len(content),
    )
    assert read_stored(stored) == content
    assert stored.name not in stored.key
    assert path_of(stored.key).stat().st_mode & 0o077 == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-1.7 cut short", "damaged"),
        ("a.png", PDF, "mismatch"),
        ("a.html", b"<script>1</script>", "mismatch"),
        ("a.exe", b"MZ\x00\x00", "kind"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "kind"),
        ("a.png", picture()[:-20], "damaged"),
        ("a.jpg", b"\xff\xd8\xff\xe0 not a picture", "damaged"),
        ("a.xlsx", b"PK\x03\x04 not an archive", "damaged"),
        ("a.xlsx", packed(**{"evil.bin": b"x"}), "kind"),
        (
            "a.xlsx",
            packed(**{"[Content_Types].xml": b"x", "xl__workbook.xml": b"", "xl__vbaProject.bin": b"x"}),
            "macros",
        ),
        ("a.eml", b"only words", "damaged"),
        ("a\x00.pdf", PDF, "name"),
        ("a.pdf", PDF + b"/Type /Page " * 501 + b"%%EOF", "pages"),
    ],
)
def test_a_refused_file_leaves_nothing_behind(name, content, code, tmp_path):
    with pytest.raises(ValidationError) as refused:
        store_bytes(content, name=name)

    assert refused.value.code == code
    assert not StoredFile.objects.exists()
    assert not any(each.is_file() for each in tmp_path.rglob("*"))


def test_pixels_are_counted_before_they_are_decoded(monkeypatch):
    content = picture(size=(4, 3))
    monkeypatch.setattr(sniffing, "MOST_PIXELS", 11)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda *_: pytest.fail("decoded"))

    with pytest.raises(ValidationError) as refused:
        sniffing.sniff(content, "a.png")

    assert refused.value.code == "pixels"


def test_what_unpacks_too_large_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(sniffing, "MOST_UNPACKED", 1000)

    with pytest.raises(ValidationError) as refused:
        sniffing.sniff(packed(**{"[Content_Types].xml": b"x", "xl__workbook.xml": b"0" * 5000}), "a.xlsx")

    assert refused.value.code == "unpacked"


@pytest.mark.django_db
def test_an_upload_that_lies_about_its_size_is_stopped(monkeypatch):
    monkeypatch.setattr("core.files.LARGEST", 100)
    upload = SimpleUploadedFile("a.txt", b"x" * 200)
    upload.size = 10

    with pytest.raises(ValidationError) as refused:
        store_upload(upload, actor=None)

    assert refused.value.code == "size"


@pytest.mark.django_db
def test_a_full_disk_is_told_and_leaves_nothing(monkeypatch, tmp_path):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(ValidationError) as refused:
        store_bytes(PDF, name="a.pdf")

    assert refused.value.code == "disk"
    assert not StoredFile.objects.exists()
    assert not any(each.is_file() for each in tmp_path.rglob("*"))


@pytest.mark.django_db
def test_a_file_leaves_as_an_attachment_that_cannot_act():
    response = file_response(store_bytes(b"<script>alert(1)</script>", name="a.txt"), inline=True)

    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_only_paper_and_pictures_are_shown_in_place():
    shown = [
        file_response(store_bytes(content, name=name), inline=True)["Content-Disposition"].split(";")[0]
        for name, content in (("a.pdf", PDF), ("a.png", picture()), ("a.csv", b"a"), ("a.xlsx", sheet()))
    ]

    assert shown == ["inline", "inline", "attachment", "attachment"]


@pytest.mark.django_db
def test_a_file_changed_on_the_disk_is_noticed():
    stored = store_bytes(PDF, name="a.pdf")
    path_of(stored.key).write_bytes(b"other")

    with pytest.raises(ValueError, match="changed on disk"):
        read_stored(stored)


def test_names_lose_their_folders_and_keep_their_extension():
    assert file_name("C:\\orders\\订单 1.pdf") == "订单 1.pdf"
    assert file_name("../../etc/passwd") == "passwd"
    assert file_name("x" * 300 + ".xlsx").endswith("x.xlsx")
    assert len(file_name("x" * 300 + ".xlsx")) < 130
