"""Orders that are not plainly paid: stored, left out or counted, as the owner chooses; each row is accounted for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import ImportFileError
from crm_core.importing.orders import StagedOrders
from crm_core.importing.reader import read_table
from crm_core.importing.sources import recognise_source, stage_source
from crm_core.importing.status_choices import (
    AS_USUAL,
    GROUPS,
    REFUND_TREATMENTS,
    STATUS_TREATMENTS,
    StatusChoices,
    Treatment,
    parse_choices,
)

HEADER = "order_id,customer_id,date,product,amount,status\n"
ROWS = (
    "1,a,2026-01-05,Tea,1.00,paid\n"
    "2,b,2026-01-06,Soap,2.00,voided\n"
    "3,c,2026-01-07,Tea,3.00,on hold\n"
    "3,c,2026-01-07,Ink,4.00,on hold\n"
    "4,d,2026-01-08,Tea,5.00,test\n"
    "5,e,2026-01-09,Tea,6.00,Refunded\n"
    "6,f,2026-01-10,Tea,7.00,\n"
)


def staged(text: str = HEADER + ROWS, choices: StatusChoices = AS_USUAL) -> StagedOrders:
    return stage_source(recognise_source(read_table(text.encode(), file_name="orders.csv")), choices=choices)


def statuses(of: StagedOrders) -> dict[str, str]:
    return dict(zip(of.orders["source_id"], of.orders["status"], strict=True))


def test_each_group_is_counted() -> None:
    assert staged().status_groups == {"cancelled": 1, "pending": 1, "test": 1, "refunded": 1}
    left = staged(choices=StatusChoices(test=Treatment.LEAVE_OUT))
    assert left.status_groups == staged().status_groups  # what the file has, not what was taken


def test_usually_all_are_stored_and_none_counts() -> None:
    usual = staged()
    assert (len(usual.orders), len(usual.rejected), usual.notes) == (6, 0, ())
    assert statuses(usual) == {
        "1": "paid",
        "2": "cancelled",
        "3": "pending",
        "4": "test",
        "5": "cancelled",
        "6": "paid",
    }


def test_what_is_left_out_is_rejected_with_the_reason_and_leaves_nothing() -> None:
    left = staged(choices=StatusChoices(pending=Treatment.LEAVE_OUT, cancelled=Treatment.LEAVE_OUT))
    assert [row.reason for row in left.rejected] == [
        "orders.csv, row 3 is left out: cancelled orders are left out, as you chose.",
        "orders.csv, row 4 is left out: pending orders are left out, as you chose.",
        "orders.csv, row 5 is left out: pending orders are left out, as you chose.",
    ]
    assert left.rejected[2].cells["product"] == "Ink"
    assert list(left.customers["source_id"]) == ["a", "d", "e", "f"]
    assert list(left.products["source_id"]) == ["Tea"]
    assert [left.customers["source_id"][at] for at in left.orders["customer"]] == ["a", "d", "e", "f"]
    assert [left.orders["source_id"][at] for at in left.lines["order"]] == ["1", "4", "5", "6"]
    assert left.rows == 7 == len(left.lines) + len(left.rejected)


def test_what_counts_is_paid_and_said() -> None:
    counted = staged(choices=StatusChoices(pending=Treatment.COUNT, cancelled=Treatment.COUNT))
    assert statuses(counted) == {"1": "paid", "2": "paid", "3": "paid", "4": "test", "5": "cancelled", "6": "paid"}
    assert counted.notes == ("1 cancelled order and 1 pending order count as paid, as you chose.",)


def test_refunded_orders_are_left_out_with_what_was_given_back() -> None:
    header = (
        "Order ID,Sale Date,Full Name,Buyer,Currency,Status,Order Value,Order Total,Order Net,Adjusted Order Total\n"
    )
    rows = (
        "1,01/05/26,Ana,ana,EUR,Shipped,5.00,5.00,4.00,0.00\n"
        "2,01/06/26,Ben,ben,EUR,Shipped,5.00,5.00,4.00,3.00\n"
        "3,01/17/26,Cem,cem,EUR,Shipped,5.00,5.00,4.00,\n"
    )
    usual = staged(header + rows)
    assert usual.orders["group"].tolist() == ["refunded", "", ""]
    assert usual.stated["refunded_minor"].tolist() == [500, 200, 0]
    left = staged(header + rows, StatusChoices(refunded=Treatment.LEAVE_OUT))
    assert (left.stated["order"].tolist(), left.stated["refunded_minor"].tolist()) == ([0, 1], [200, 0])
    assert [row.row_number for row in left.rejected] == [2]


def test_a_refund_goes_with_the_order_that_is_left_out() -> None:
    header = "Transaction ID,Reference Txn ID,Date,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address\n"
    rows = (
        "T1,,01/05/2026,Ana,Website Payment,Completed,EUR,9.00,0,9.00,ana@x.org\n"
        "R1,T1,01/17/2026,Ana,Payment Refund,Completed,EUR,-9.00,0,-9.00,ana@x.org\n"
        "T2,,01/18/2026,Ben,Website Payment,Completed,EUR,9.00,0,9.00,ben@x.org\n"
    )
    usual = staged(header + rows)
    assert usual.orders["group"].tolist() == ["refunded", "", ""]
    left = staged(header + rows, StatusChoices(refunded=Treatment.LEAVE_OUT))
    assert [row.reason.partition(" is left out: ")[2] for row in left.rejected] == [
        "refunded orders are left out, as you chose.",
        "it gives money back for an order that is left out, as you chose.",
    ]
    assert left.orders["source_id"].tolist() == ["T2"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("pendin=count", r"'pendin=count' says nothing about a group of orders; .* Did you mean 'pending'\?"),
        ("pending", r"'pending' says nothing about a group .* Write it like pending=leave-out"),
        ("pending=drop", r"With pending orders can be done store, leave-out or count, not 'drop'"),
        ("refunded=count", r"With refunded orders can be done take-off or leave-out, not 'count'"),
    ],
)
def test_a_choice_that_does_not_exist_is_one_sentence(words: str, said: str) -> None:
    with pytest.raises(ImportFileError, match=said):
        parse_choices([words])


def test_a_choice_of_another_group_is_refused() -> None:
    with pytest.raises(ImportFileError, match="With test orders can be done store, leave-out or count, not 'take-off'"):
        StatusChoices(test=Treatment.TAKE_OFF)


CHOICES = st.builds(
    StatusChoices,
    **{group: st.sampled_from(REFUND_TREATMENTS if group == "refunded" else STATUS_TREATMENTS) for group in GROUPS},
)
LINES = st.lists(
    st.tuples(st.sampled_from("12345"), st.sampled_from(["paid", "void", "open", "test", "refunded", "?"])), min_size=1
)


@settings(max_examples=30, deadline=None)
@given(CHOICES, LINES)
def test_every_row_is_a_line_or_rejected(choices: StatusChoices, lines: list[tuple[str, str]]) -> None:
    rows = [f"{order},a{order},2026-01-05,P{at},1.00,{status}" for at, (order, status) in enumerate(lines)]
    of = staged(HEADER + "\n".join(rows) + "\n", choices)
    assert len(of.lines) + len(of.rejected) == of.rows == len(rows)
    assert set(of.orders["customer"]) == set(range(len(of.customers)))
    assert set(of.lines["product"]) == set(range(len(of.products)))
    assert set(of.lines["order"]) == set(range(len(of.orders)))
    assert not set(of.orders["group"]) & set(choices.groups(Treatment.LEAVE_OUT))
