"""Tables as files: money in whole currency, nothing that a spreadsheet would run."""

import pandas as pd

from crm_core.services.spreadsheets import money_in_whole_currency, table_as_csv


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
