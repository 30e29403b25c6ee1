"""The models of customers."""

from customers.models.agreements import Contract, PartNumber, PriceAgreement
from customers.models.changes import ClassProposal, CustomerChange
from customers.models.credit import CreditAccount, CreditEntry
from customers.models.customer import Address, Channel, Contact, Customer, CustomerClass, PaymentTerms

__all__ = [
    "Address",
    "Channel",
    "ClassProposal",
    "Contact",
    "Contract",
    "CreditAccount",
    "CreditEntry",
    "Customer",
    "CustomerChange",
    "CustomerClass",
    "PartNumber",
    "PaymentTerms",
    "PriceAgreement",
]
