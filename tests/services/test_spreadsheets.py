"""Tables as files: money in whole currency, nothing that a spreadsheet would run."""

import pandas as pd

from crm_core.services.spreadsheets import exact_money, money_in_whole_currency, table_as_csv


def test_money_is_in_whole_currency() -> None:
    table = pd.DataFrame({"spend_minor": [667_420], "share": [0.1753681392]})
    whole = money_in_whole_currency(table, currency="EUR")
    assert whole["spend"].tolist() == [6674.2]
    assert whole["currency"].tolist() == ["EUR"]
    assert "spend_minor" not in whole
    assert "spend_minor" in table  # the caller's table stays as it was


def test_each_row_keeps_its_own_currency() -> None:
    table = pd.DataFrame({"amount_minor": [1250, 1250, None], "currency": ["EUR", "JPY", None]})
    whole = money_in_whole_currency(table, currency="EUR")
    assert whole["amount"].tolist()[:2] == [12.5, 1250]
    assert whole["amount"].isna().tolist() == [False, False, True]


def test_a_table_without_money_gets_no_currency() -> None:
    assert list(money_in_whole_currency(pd.DataFrame({"orders": [1]}), currency="EUR")) == ["orders"]


def test_formulas_are_disarmed() -> None:
    file = table_as_csv(pd.DataFrame({"name": ["=HYPERLINK(1)", "@x", "Ana"], "n": [-1, 2, 3]})).decode("utf-8-sig")
    assert file.splitlines() == ["name,n", "'=HYPERLINK(1),-1", "'@x,2", "Ana,3"]


def test_phones_and_numbers_are_told_apart() -> None:
    file = table_as_csv(pd.DataFrame({"id": ["+49301234567", "-12", "-007", "-1,5", "'=1", "'tis"]})).decode(
        "utf-8-sig"
    )
    assert file.splitlines()[1:] == ["'+49301234567", "-12", "'-007", '"\'-1,5"', "''=1", "'tis"]


def test_times_of_day_stay() -> None:
    moments = pd.DataFrame(
        {"at": pd.to_datetime(["2026-01-05 13:30", None]), "day": pd.to_datetime(["2026-01-05"] * 2)}
    )
    assert table_as_csv(moments).decode("utf-8-sig").split("\r\n")[1:3] == [
        "2026-01-05 13:30:00,2026-01-05",
        ",2026-01-05",
    ]


def test_exact_money_has_the_decimals_of_its_currency() -> None:
    table = pd.DataFrame({"amount_minor": [1250, 1250, 1250, None], "currency": ["EUR", "JPY", "KWD", None]})
    assert [str(cell) for cell in exact_money(table)["amount"]] == ["12.50", "1250", "1.250", "None"]
