"""What a quotation's paper says, as plain values: decimals as text, days as ISO (R1.14)."""

from __future__ import annotations

from typing import Any, cast

from django.utils import translation

from core.money import capital_numerals
from orders.actions.confirmation import payment_terms
from orders.content import HUNDRED
from orders.models import Quotation, QuotationLine, SalesOrder


def quotation_content(quotation: Quotation, language: str) -> dict[str, Any]:
    """The snapshot that documents/quotation.html prints."""
    with translation.override(language):
        terms = payment_terms(cast(SalesOrder, quotation)) if quotation.payment_terms else ""
        bearer = str(quotation.get_freight_bearer_display())
    return {
        "number": quotation.number,
        "quoted_on": quotation.quoted_on.isoformat(),
        "valid_until": quotation.valid_until.isoformat() if quotation.valid_until else "",
        "customer": {
            "name": _named(quotation.customer, language),
            "address": quotation.customer.invoice_address,
            "contact": quotation.contact_name,
        },
        "enquiry": quotation.enquiry,
        "currency": quotation.currency,
        "lines": [_line(line, language) for line in quotation.lines.all()],
        "goods_total": str(quotation.goods_total),
        "discount_total": str(quotation.discount_total),
        "tax_total": str(quotation.tax_total),
        "freight": str(quotation.freight),
        "freight_bearer": bearer,
        "grand_total": str(quotation.grand_total),
        "capital_total": capital_numerals(quotation.grand_total) if quotation.currency == "CNY" else "",
        "payment_terms": terms,
        "contact": str(quotation.owner),
        "note": quotation.message,
    }


def _line(line: QuotationLine, language: str) -> dict[str, Any]:
    return {
        "position": line.position,
        "code": line.product.code if line.product else "",
        "name": _named(line.product, language) if line.product else line.typed,
        "specification": line.specification,
        "quantity": str(line.quantity),
        "unit": line.unit,
        "price": str(line.price),
        "discount": str(line.discount_percent),
        "tax_rate": str(line.tax_rate / HUNDRED),
        "lead_days": "" if line.lead_days is None else str(line.lead_days),
        "total": str(line.total),
    }


def _named(noun: Any, language: str) -> str:
    return (noun.name_en if language == "en" else "") or noun.name
