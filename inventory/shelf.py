"""The shelf: stock, reservations and requirements, read under lock, changed in memory, written back at once.

Every change of a level goes through here, so that stock reserved, reservations and what is finished for a
requirement always move together (I1, I2). A write repeats what was read as its condition: on a database
without row locks a second writer fails instead of promising the same piece twice (R4.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from core.locks import lock_all
from core.rules import Reason
from inventory.gates import goods_are_finished, level_stays_above_promises, stock_is_free
from inventory.models import Requirement, Reservation, Stock, StockMovement

Row = TypeVar("Row", bound=models.Model)
ROWS_A_STATEMENT = 100


class LevelsMoved(RuntimeError):
    """Somebody else wrote a level between reading and writing; the transaction is rolled back."""


class Levels(Generic[Row]):
    """Rows of levels: `guard` fields are the condition of the write, `also` fields are written with them."""

    def __init__(self, rows: Iterable[Row], guard: tuple[str, ...], also: tuple[str, ...] = ()):
        self.rows = list(rows)
        self._guard, self._fields = guard, guard + also
        self._read = {row.pk: self._values(row, guard) for row in self.rows}

    def write(self) -> None:
        """Write the changed rows in one statement a hundred; raises LevelsMoved unless all were as read."""
        changed = [row for row in self.rows if self._values(row, self._guard) != self._read[row.pk]]
        for start in range(0, len(changed), ROWS_A_STATEMENT):
            batch = changed[start : start + ROWS_A_STATEMENT]
            if self._update(batch) != len(batch):
                raise LevelsMoved(f"{type(batch[0]).__name__} {[row.pk for row in batch]}")

    def _update(self, batch: list[Row]) -> int:
        model = type(batch[0])
        as_read = Q()
        for row in batch:
            as_read |= Q(pk=row.pk, **dict(zip(self._guard, self._read[row.pk], strict=True)))
        values = {name: self._new(model, name, batch) for name in self._fields}
        return model._base_manager.filter(as_read).update(**values)

    def _new(self, model: type[Row], name: str, batch: list[Row]) -> Any:
        if len(batch) == 1:
            return getattr(batch[0], name)
        field: Any = model._meta.get_field(name)
        chosen = Case(
            *[When(pk=row.pk, then=Value(getattr(row, name), output_field=field)) for row in batch],
            output_field=field,
        )
        return Cast(chosen, field) if connection.features.requires_casted_case_in_updates else chosen

    @staticmethod
    def _values(row: Row, names: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in names)


class Shelf:
    """Some requirements and the stock of some products, locked in the ladder's order until the commit."""

    def __init__(self, requirements: Iterable[Requirement] = (), products: Iterable[int] = ()):
        rows = lock_all(Requirement, {each.pk for each in requirements}, "product", "team", "owner")
        self.requirements = {row.pk: row for row in rows}
        products = {*products, *(row.product_id for row in rows)}
        stock = (
            Stock._base_manager.select_for_update(of=("self",))
            .select_related("product", "warehouse")
            .filter(product_id__in=products)
            .order_by("pk")
        )
        self._requirements = Levels(
            rows,
            ("finished_on_hand", "shipped", "cancelled"),
            also=("lying_since", "lying_cycle", "overdue_level"),
        )
        self._stock = Levels(stock, ("on_hand", "reserved", "last_seq"))
        promised = Reservation.objects.filter(requirement__in=self.requirements)
        self._promised = {(each.requirement_id, each.stock_id): each for each in promised}
        self._touched: dict[tuple[int, int], Reservation] = {}
        self._entries: list[StockMovement] = []

    def free(self, product_id: int) -> Decimal:
        """What is on hand of a product and promised to nobody."""
        return sum((each.on_hand - each.reserved for each in self._of(product_id)), Decimal(0))

    def stock(self, product_id: int, warehouse_id: int) -> Stock:
        """The locked row of one product in one warehouse; LookupError if there is none."""
        for each in self._of(product_id):
            if each.warehouse_id == warehouse_id:
                return each
        raise LookupError(f"no stock of {product_id} in {warehouse_id}")

    def enter(self, stock: Stock, quantity: Decimal, **entry: Any) -> list[Reason]:
        """Change a level by a ledger entry (R4.5): kind, document, actor, perhaps reason and requirement."""
        refused = level_stays_above_promises.broken(stock, quantity)
        if not refused:
            stock.on_hand += quantity
            stock.last_seq += 1
            row = StockMovement(
                stock=stock, seq=stock.last_seq, quantity=quantity, balance=stock.on_hand, **entry
            )
            self._entries.append(row)
        return refused

    def promise(
        self, requirement: Requirement, quantity: Decimal, *, on: Stock | None = None
    ) -> list[Reason]:
        """Reserve free stock for a requirement, from one row or from all warehouses in turn (R4.1)."""
        rows = [on] if on else list(self._of(requirement.product_id))
        free = sum((each.on_hand - each.reserved for each in rows), Decimal(0))
        refused = stock_is_free.broken(requirement.product, quantity, free)
        if not refused:
            self._lie(requirement, quantity)
            for each in rows:
                part = min(quantity, each.on_hand - each.reserved)
                self._reserve(requirement, each, part)
                quantity -= part
        return refused

    def release(self, requirement: Requirement, quantity: Decimal) -> list[Reason]:
        """Give promised stock free again; it stays on the shelf."""
        refused = goods_are_finished.broken(requirement, quantity)
        if not refused:
            self._lie(requirement, -quantity)
            for each, part in self._parts(requirement, quantity):
                self._reserve(requirement, each, -part)
        return refused

    def take(self, requirement: Requirement, quantity: Decimal, **entry: Any) -> list[Reason]:
        """Take promised goods off the shelf: they count as shipped."""
        refused = goods_are_finished.broken(requirement, quantity)
        if not refused:
            self._lie(requirement, -quantity)
            requirement.shipped += quantity
            for each, part in self._parts(requirement, quantity):
                self._reserve(requirement, each, -part)
                self.enter(each, -part, requirement=requirement, **entry)
        return refused

    def write(self) -> None:
        """Write what changed: levels, reservations, ledger."""
        self._stock.write()
        self._requirements.write()
        Reservation.objects.bulk_create(
            self._touched.values(),
            update_conflicts=True,
            unique_fields=["requirement", "stock"],
            update_fields=["quantity"],
        )
        StockMovement.objects.bulk_create(self._entries)

    def _of(self, product_id: int) -> Iterator[Stock]:
        return (each for each in self._stock.rows if each.product_id == product_id)

    def _lie(self, requirement: Requirement, quantity: Decimal) -> None:
        """Change what lies finished: the overdue ladder starts anew when goods begin to lie again (R4.11)."""
        if not requirement.finished_on_hand and quantity > 0:
            requirement.lying_since = timezone.now()
            requirement.lying_cycle += 1
        requirement.finished_on_hand += quantity
        if not requirement.finished_on_hand:
            requirement.lying_since = None
            requirement.overdue_level = 0

    def _parts(self, requirement: Requirement, quantity: Decimal) -> Iterator[tuple[Stock, Decimal]]:
        for each in self._of(requirement.product_id):
            held = self._promised.get((requirement.pk, each.pk))
            part = min(quantity, held.quantity) if held else Decimal(0)
            if part:
                quantity -= part
                yield each, part

    def _reserve(self, requirement: Requirement, stock: Stock, quantity: Decimal) -> None:
        if not quantity:
            return
        key = (requirement.pk, stock.pk)
        row = self._promised.setdefault(key, Reservation(requirement=requirement, stock=stock))
        row.quantity += quantity
        stock.reserved += quantity
        self._touched[key] = row
