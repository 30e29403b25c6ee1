"""The customer's own order on paper, as the demo's customers send it: a small PDF, written by hand."""

from __future__ import annotations

from orders.models import SalesOrder


def customers_order(order: SalesOrder) -> bytes:
    """A one-page PDF with the customer's order number and the quantities, in plain Latin type."""
    lines = [f"PURCHASE ORDER {order.customer_order_number}", f"Our reference: {order.number}", ""]
    lines += [
        f"{line.position:>3}  {line.product.code:<12} {line.quantity.normalize():f} {line.due_on}"
        for line in order.lines.select_related("product")
    ]
    return page(lines)


def page(lines: list[str]) -> bytes:
    """A one-page PDF with these lines, in plain Latin type."""
    shown = "".join(f"({_escaped(line)}) Tj T* " for line in lines)
    stream = f"BT /F1 11 Tf 60 780 Td 16 TL {shown}ET".encode()
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        ]
    )


def _pdf(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _escaped(text: str) -> str:
    plain = text.encode("ascii", "replace").decode()
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
