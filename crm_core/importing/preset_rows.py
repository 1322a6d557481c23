"""A recognised export brought into the form of any orders file: one sale or line per row, its amount in one column.

What a platform says of a whole order (its total, what was given back) stands beside the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from crm_core.importing.attributes import agree_within
from crm_core.importing.kinds import ImportKind
from crm_core.importing.preset_cells import broken_row, filled_down, first_filled, in_utc, within_words
from crm_core.importing.preset_sums import add_up, as_numbers
from crm_core.importing.presets import Preset, Rows, plain_name
from crm_core.importing.rejections import Mask
from crm_core.importing.statuses import read_status
from crm_core.importing.text_table import TextColumn, TextTable
from crm_core.vocabulary import OrderStatus

__all__ = ["PresetRows", "StatedFacts", "prepare_rows"]

ORDER_FIELDS = "customer_id email customer_name phone postcode country day currency status channel".split()
PRODUCT_FIELDS = ("product_id", "product_name")
Numbers = npt.NDArray[np.object_]


@dataclass(frozen=True)
class StatedFacts:
    """What each row says of its whole order, exact numbers or None; ``refund_of``: the order that a refund is of."""

    total: Numbers
    extras: Numbers
    refunded: Numbers
    refund_of: TextColumn


@dataclass(frozen=True)
class PresetRows:
    """``table``: sales and refunds; what was kept out is among its broken rows. ``columns``: field -> column."""

    table: TextTable
    columns: dict[str, str]
    facts: StatedFacts


def prepare_rows(table: TextTable, preset: Preset, given: Mapping[str, str | None]) -> PresetRows:
    """Apply a preset's rules. ``given``: fields whose column the owner chose (None: no column)."""
    return _Preparing(table, preset, given).run()


class _Preparing:
    """The steps, each of which leaves a table with the file's own columns."""

    def __init__(self, table: TextTable, preset: Preset, given: Mapping[str, str | None]) -> None:
        self.table, self.preset, self.given = table, preset, given
        self.header = {plain_name(name): name for name in reversed(table.header)}
        self.names: dict[str, str] = {}  # field -> column
        for field, wanted in preset.columns.items():
            there = self._there(wanted)
            if there and field not in given:
                self.names[field] = there[0]
                self._put(there[0], first_filled([table.columns[name] for name in there]))
        self.names |= {field: column for field, column in given.items() if column}

    def run(self) -> PresetRows:
        preset = self.preset
        for rows, why in preset.keep_out:
            self._keep_out(self._mask(rows), why)
        if preset.kind is not ImportKind.ORDERS:
            return PresetRows(self.table, self.names, self._facts(np.zeros(len(self.table), bool)))
        if preset.fill_down:
            self._fill_down()
        if "amount" not in self.given:
            self._add_up_amount()
        is_refund = self._sort_out_refunds()
        if preset.one_row_per_order:
            is_refund = is_refund[self._keep_out(self._repeats(is_refund), "it repeats an order that stands above")]
        facts = self._facts(is_refund)
        self._number_refunds(is_refund, facts.refund_of)
        self._mark_statuses(facts)
        if preset.product_where:
            self._blank(PRODUCT_FIELDS, ~self._mask(preset.product_where))
        if preset.day_in_utc and "day" in self.names and "day" not in self.given:
            self._put(self.names["day"], in_utc(self._field("day")))
        return PresetRows(self.table, self.names, facts)

    def _there(self, name: str | tuple[str, ...] | None) -> list[str]:
        """The file's spelling of the names that it has."""
        names = (name,) if isinstance(name, str) else name or ()
        return [self.header[plain_name(each)] for each in names if plain_name(each) in self.header]

    def _column(self, name: str | tuple[str, ...] | None) -> TextColumn:
        """A column by the preset's name for it, blank where the file has none."""
        there = self._there(name)
        return self.table.columns[there[0]] if there else self._blank_column()

    def _field(self, field: str) -> TextColumn:
        return self._column(self.names.get(field))

    def _blank_column(self) -> TextColumn:
        return TextColumn(np.full(len(self.table), -1), np.empty(0, object))

    def _put(self, name: str, column: TextColumn) -> None:
        self._have({**self.table.columns, name: column})

    def _have(self, columns: dict[str, TextColumn]) -> None:
        self.table = replace(self.table, columns=columns)

    def _mask(self, rows: Rows) -> Mask:
        there = self._there(rows.column)
        return within_words(self.table.columns[there[0]], rows) if there else np.zeros(len(self.table), bool)

    def _blank(self, fields: tuple[str, ...], rows: Mask) -> None:
        for field in fields:
            if field in self.names:
                old = self._field(field)
                self._put(self.names[field], TextColumn(np.where(rows, -1, old.codes), old.words))

    def _keep_out(self, rows: Mask, why: str) -> Mask:
        """Set rows aside, each with the reason; which rows stay."""
        table = self.table
        if rows.any():
            out = tuple(broken_row(table, int(at), why) for at in np.flatnonzero(rows))
            stay = np.flatnonzero(~rows)
            columns = {name: column.rows(stay) for name, column in table.columns.items()}
            broken = (*table.broken, *out)
            self.table = replace(table, columns=columns, row_numbers=table.row_numbers[stay], broken=broken)
        return ~rows

    def _fill_down(self) -> None:
        """What stands only on an order's first row holds for its other rows too."""
        if "order_id" not in self.names:
            return
        order = filled_down(self._field("order_id"))
        self._put(self.names["order_id"], order)
        preset = self.preset
        names = [self.names[field] for field in ORDER_FIELDS if field in self.names]
        names += self._there(tuple(name for name in (preset.total, preset.refunded, preset.after_refunds) if name))
        names += self._there(tuple(rows.column for rows, _ in preset.marks))
        for name in dict.fromkeys(names):
            column = self.table.columns[name]
            agreed, _ = agree_within(order.codes, column.codes)
            self._put(name, TextColumn(np.where(column.codes < 0, agreed, column.codes), column.words))

    def _add_up_amount(self) -> None:
        wanted = self.preset.amount
        amount = add_up(wanted, self._by_wanted_name()) if wanted else None
        if wanted and amount is not None:
            self.names["amount"] = self._there(wanted.of)[0]
            self._put(self.names["amount"], amount)

    def _by_wanted_name(self) -> dict[str, TextColumn]:
        """Columns under the preset's spelling of their names."""
        sums = [wanted for wanted in (self.preset.amount, self.preset.extras) if wanted]
        wanted_names = [name for wanted in sums for name in wanted.names]
        return {name: self._column(name) for name in wanted_names if self._there(name)}

    def _sort_out_refunds(self) -> Mask:
        """Which rows are refunds; those that are neither sale nor refund are kept out."""
        preset = self.preset
        amount = as_numbers(self._field("amount"))
        below = np.array([number is not None and number < 0 for number in amount], bool)
        if preset.refund_rows is None:
            return below if preset.one_row_per_order else np.zeros(len(amount), bool)
        named = self._mask(preset.refund_rows)
        above = np.array([number is not None and number > 0 for number in amount], bool)
        done = self._counts_as_paid()
        stay = self._keep_out(named & above, "it is money that came back to you")
        named, below, done = named[stay], below[stay], done[stay]
        stay = self._keep_out(named & ~done, "the refund is not completed")
        named, below = named[stay], below[stay]
        if preset.one_row_per_order:
            named = named[self._keep_out(below & ~named, "it is money that you paid")]
        return named

    def _counts_as_paid(self) -> Mask:
        """Rows whose status counts; no status counts too."""
        status = self._field("status")
        known = [self.preset.statuses.get(plain_name(str(word))) or read_status(str(word)) for word in status.words]
        counts = np.array([meaning in (None, OrderStatus.PAID) for meaning in known] + [True], bool)
        return counts[status.codes]

    def _repeats(self, is_refund: Mask) -> Mask:
        codes = np.where(is_refund, -1, self._field("order_id").codes)
        _, first = np.unique(codes, return_index=True)
        again = np.ones(len(codes), bool)
        again[first] = False
        return again & (codes >= 0)

    def _number_refunds(self, is_refund: Mask, refund_of: TextColumn) -> None:
        """Give each refund a number of its own, so that its day and amount are not taken for its order's."""
        if not is_refund.any() or "order_id" not in self.names:
            return
        own = self._column(self.preset.refund_id) if self.preset.refund_id else self._field("day")
        order = self._field("order_id")
        words = [
            f"{refund_of.word(at) or 'refund'}/{own.word(at)}" if is_refund[at] else order.word(at)
            for at in range(len(order))
        ]
        self._put(self.names["order_id"], TextColumn.of(words))
        for field, name in self.preset.refund_columns.items():
            if field in self.names and self._there(name):
                there = self._column(name)
                theirs = TextColumn(np.where(is_refund, there.codes, -1), there.words)
                self._blank((field,), is_refund)
                self._put(self.names[field], self._field(field).or_else(theirs))

    def _facts(self, is_refund: Mask) -> StatedFacts:
        preset, size = self.preset, len(self.table)
        total = as_numbers(self._field("amount") if preset.one_row_per_order else self._column(preset.total))
        refunded = as_numbers(self._column(preset.refunded))
        remaining = as_numbers(self._column(preset.after_refunds))
        whole = self._mask(preset.fully_refunded) if preset.fully_refunded else np.zeros(size, bool)
        for at in range(size):
            if remaining[at] is not None and total[at] is not None:
                refunded[at] = total[at] - remaining[at]
            if whole[at] and not refunded[at]:
                refunded[at] = total[at]
        extras = add_up(preset.extras, self._by_wanted_name()) if preset.extras else None
        of = self._column(preset.refund_of) if preset.refund_of else self._field("order_id")
        refund_of = TextColumn(np.where(is_refund, of.codes, -1), of.words)
        return StatedFacts(total, as_numbers(self._blank_column() if extras is None else extras), refunded, refund_of)

    def _mark_statuses(self, facts: StatedFacts) -> None:
        """Statuses that other columns state; money given back was received before, so it keeps its order's status."""
        marks = [(rows, word) for rows, word in self.preset.marks if self._there(rows.column)]
        if not marks or "status" in self.given:
            return
        name = self.names.setdefault("status", self._there(marks[0][0].column)[0])
        given_back = np.array([bool(number) for number in facts.refunded], bool)
        words = [self._field("status").word(at) for at in range(len(self.table))]
        if name == self._there(marks[0][0].column)[0]:  # no column of its own
            words = [""] * len(words)
        open_to_marks = self._counts_as_paid() & ~given_back
        for rows, word in marks:
            for at in np.flatnonzero(self._mask(rows) & open_to_marks):
                words[at] = word
        self._put(name, TextColumn.of(words))
