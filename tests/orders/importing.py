"""Files of orders for tests: written in memory, brought, checked and taken in as people and workers do."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from core.outbox import deliver_due
from orders.actions import intake
from orders.models import ImportBatch
from tests import orders_world as desk

HEAD = ["客户订单号", "客户代码", "订单日期", "交货日期", "产品代码", "数量", "单价", "折扣", "运费", "备注"]


def line(number: str = "PO-1", **other: Any) -> list[Any]:
    """One good row under HEAD, with what a test wants otherwise."""
    usual = {
        "customer": "C-1",
        "ordered": "2026-11-20",
        "due": "2026-12-20",
        "product": "BRG-6204",
        "quantity": "10",
        "price": "",
        "discount": "",
        "freight": "",
        "note": "",
    }
    return [number, *(usual | other).values()]


def as_csv(rows: Sequence[Sequence[Any]], *, encoding: str = "utf-8-sig", sign: str = ",") -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content: bytes, name: str = "orders.csv") -> SimpleUploadedFile:
    """The content as a browser sends it."""
    return SimpleUploadedFile(name, content)


def goods(world: Any) -> None:
    """A customer and a product that the rows name."""
    desk.customer(world)
    desk.product(world)


def brought(world: Any, content: bytes, name: str = "orders.csv", **how: Any) -> ImportBatch:
    """Uploaded by the rep (or `actor`), not checked yet."""
    actor = how.pop("actor", world.rep)
    return intake.upload_orders(upload=upload(content, name), actor=actor, **how)[0]


def checked(world: Any, content: bytes, name: str = "orders.csv", **how: Any) -> ImportBatch:
    """Uploaded, and looked through by a worker."""
    batch = brought(world, content, name, **how)
    intake.check_import(batch, actor=batch.uploaded_by)
    return worked(batch)


def taken(world: Any, content: bytes, name: str = "orders.csv", **how: Any) -> ImportBatch:
    """Uploaded, checked, and taken in by a worker."""
    batch = checked(world, content, name, **how)
    intake.take_import(batch, actor=batch.uploaded_by)
    return worked(batch)


def worked(batch: ImportBatch) -> ImportBatch:
    """The batch after a worker came by."""
    deliver_due()
    return again(batch)


def again(batch: ImportBatch) -> ImportBatch:
    """The batch read anew."""
    return ImportBatch.objects.select_related("file", "customer", "uploaded_by").get(pk=batch.pk)


def cells(batch: ImportBatch) -> list[tuple[int, str]]:
    """Row and column of each bad cell."""
    return [(each["row"], each["column"]) for each in batch.problems]
