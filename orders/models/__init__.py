"""The models of orders."""

from orders.models.confirmation import OrderConfirmation, PromiseSlip
from orders.models.feasibility import ProductionPromise, Sample, TechnicalStatement
from orders.models.intake import ColumnMapping, ImportBatch, ImportProblem
from orders.models.line import OrderLine
from orders.models.memo import Memo
from orders.models.order import SalesOrder
from orders.models.papers import Comment, SourceDocument
from orders.models.questions import Question
from orders.models.quotation import Quotation, QuotationLine

__all__ = [
    "ColumnMapping",
    "Comment",
    "ImportBatch",
    "ImportProblem",
    "Memo",
    "OrderConfirmation",
    "OrderLine",
    "ProductionPromise",
    "PromiseSlip",
    "Question",
    "Quotation",
    "QuotationLine",
    "SalesOrder",
    "Sample",
    "SourceDocument",
    "TechnicalStatement",
]
