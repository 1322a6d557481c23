"""What a choice would change, in numbers that can be worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crm_core.decisions.lifecycle import StageLimits
from crm_core.errors import CrmError
from crm_core.services.as_of import AsOf
from crm_core.services.customers import customer_base
from crm_core.services.loyalty import loyalty_base
from crm_core.services.overview import shop_overview, week_sales
from crm_core.services.preference_effects import (
    at_stake_today,
    counted_money,
    money_effect,
    recoverable_effect,
    silence_effect,
    stages_effect,
    tiers_effect,
    undiscounted_margin,
    week_effect,
    weights_effect,
    worth_effect,
    zone_effect,
)
from crm_core.services.preferences import Preferences
from crm_core.services.today import find_suggestions, todays_list
from crm_core.store.session import Store
from crm_core.vocabulary import ActionKind
from crm_core.wording import estimate
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.shops import SMALL_SHOPS, add_orders

NOW = Preferences()


def test_worth_falls_with_the_margin_and_rises_with_the_horizon(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY, NOW)
    all_of_it = base.table["clv_minor"].sum()
    wanted = replace(NOW, margin_share=0.4)
    full = undiscounted_margin(base, wanted)
    assert full == pytest.approx(all_of_it, rel=1e-9)
    before, after = estimate(all_of_it, "EUR"), estimate(0.4 * all_of_it, "EUR")
    people = f"What your {len(base.table)} customers are worth"
    assert worth_effect(base, NOW, wanted, full_margin_minor=full).sentences == (
        f"{people} falls from {before} to {after}.",
    )
    assert "are worth " + before in worth_effect(base, NOW, NOW, full_margin_minor=full).sentences[0]
    longer = replace(NOW, horizon_days=730)
    refitted = base_of(demo_store, LAST_DAY, longer).table["clv_minor"].sum()
    assert undiscounted_margin(base, longer) == pytest.approx(refitted, rel=1e-9)  # as if it were fitted anew
    assert "rises from" in worth_effect(base, NOW, longer, full_margin_minor=refitted).sentences[0]


def test_too_few_customers_get_no_invented_worth(store: Store) -> None:
    add_orders(store, SMALL_SHOPS["two"])
    base = customer_base(store, as_of=date(2026, 6, 1), preferences=NOW)
    assert worth_effect(base, NOW, replace(NOW, margin_share=0.4), full_margin_minor=1.0).sentences == (base.too_early,)


def test_weights_and_cut_offs_move_people(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY, NOW)
    loyal = loyalty_base(base)
    assert weights_effect(loyal, NOW, replace(NOW, alpha=0.3, beta=0.2)).sentences == (
        "The same 20 customers lead as now.",
    )
    changed = weights_effect(loyal, NOW, replace(NOW, alpha=0.0, beta=1.0)).sentences
    assert changed[0].endswith(" of the top 20 change.")
    assert changed[1].startswith("In: ")
    assert changed[2].startswith("Out: ")
    with pytest.raises(CrmError, match="nothing is left to weigh"):
        weights_effect(loyal, NOW, replace(NOW, alpha=0.0, beta=0.0))
    figures = tiers_effect(loyal, NOW, replace(NOW, low_cut=0.0, high_cut=0.0)).figures
    assert [name for name, _, _ in figures] == ["High", "Medium", "Low"]
    assert [after for _, _, after in figures] == [str(len(base.table)), "0", "0"]
    assert sum(int(before) for _, before, _ in figures) == len(base.table)


def test_thresholds_move_customers_between_stages(store: Store) -> None:
    add_orders(store, [("a", f"2026-0{month}-01", 1000) for month in (1, 2, 3)])
    base = customer_base(store, as_of=date(2026, 5, 1), preferences=NOW)  # about two gaps late
    effect = stages_effect(base, StageLimits(at_risk=2.5))
    assert effect.sentences == ("1 customer changes stage.",)
    assert ("At risk", "1", "0") in effect.figures
    assert ("Active", "0", "1") in effect.figures
    assert stages_effect(base, StageLimits()).sentences == ("No customer moves.",)


def test_the_share_saved_is_of_todays_list(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY, NOW)
    found = find_suggestions(demo_store, base, today=LAST_DAY)
    stake = at_stake_today(demo_store, found, today=LAST_DAY)
    listed = todays_list(demo_store, base, found, today=LAST_DAY, share_saved=NOW.share_saved)
    assert stake == listed.total.value_minor > 0
    said = recoverable_effect(64_000, NOW, replace(NOW, share_saved=0.4)).sentences
    assert said == ("Of the €640 at stake on today's list, €256 count as recoverable instead of €128.",)
    assert recoverable_effect(0, NOW, NOW).sentences[0].startswith("Nobody is on today's list")


def test_a_rate_says_which_orders_start_to_count(store: Store) -> None:
    add_orders(store, [("a", "2026-05-01", 1000), ("b", "2026-05-02", 2000)])
    add_orders(store, [("a", f"2026-05-{n:02d}", 10_333) for n in range(1, 13)], currency="USD")
    end = date(2026, 6, 1)

    def said(saved: Preferences, wanted: Preferences) -> tuple[str, ...]:
        before, after = (counted_money(store, as_of=end, currencies=c.currencies) for c in (saved, wanted))
        return money_effect(before, after, saved, wanted).sentences

    rated, other = (replace(NOW, rates=(("USD", rate),)) for rate in ("0.92", "0.5"))
    usd, eur = "12 orders in USD ($1,240)", "2 orders in EUR (€30) count in full."
    # 103.33 x 0.92 = 95.0636, rounded for each order: 12 x 95.06
    assert said(NOW, rated) == (f"{usd} start to count as €1,140.72.", eur)
    assert said(rated, rated) == (f"{usd} count as €1,140.72.", eur)
    assert said(rated, other) == (f"{usd} count as €620.04 instead of €1,140.72.", eur)  # 51.665 is 51.67
    assert said(rated, NOW) == (f"{usd} no longer count in any sum.", eur)
    assert said(NOW, NOW) == (f"{usd} are in no sum without a rate.", eur)
    assert said(NOW, Preferences(currency="USD")) == (
        f"{usd} start to count in full.",
        "2 orders in EUR (€30) no longer count in any sum.",
    )


def test_days_are_told_with_their_dates(store: Store) -> None:
    here, there = AsOf(date(2026, 3, 14), True, ""), AsOf(date(2026, 1, 21), False, "")
    assert silence_effect(here, here).sentences == ("Figures stay as of 14 Mar 2026.",)
    assert silence_effect(here, there).sentences == ("Figures are as of 21 Jan 2026 instead of 14 Mar 2026.",)
    now = datetime(2026, 3, 14, 20, 5, tzinfo=UTC)
    assert zone_effect(now, "UTC", "Europe/Berlin").sentences == (
        "It is 21:05 on Saturday, 14 Mar 2026.",
        "An order at 2026-03-14 23:30 UTC falls on 15 Mar 2026 instead of 14 Mar 2026.",
    )
    assert "instead" not in zone_effect(now, "UTC", "UTC").sentences[1]


def test_the_week_begins_where_the_owner_says(store: Store) -> None:
    days = [("2026-03-08", 100), ("2026-03-09", 200), ("2026-03-14", 400), ("2026-03-02", 800), ("2026-03-01", 1600)]
    add_orders(store, [("a", day, amount) for day, amount in days])
    base = customer_base(store, as_of=date(2026, 3, 14), preferences=NOW)  # a Saturday
    assert week_sales(store, base, week_start="monday") == (600, 800)
    assert week_sales(store, base, week_start="sunday") == (700, 2400)
    assert week_sales(store, base, week_start="saturday") == (400, 0)
    assert week_effect(store, base, "monday", "sunday").sentences == (
        "Sales of the week: €7 since Sunday, 8 Mar 2026, instead of €6 since Monday, 9 Mar 2026.",
    )
    week = shop_overview(store, base, week_start="monday").week
    assert week == "Sales since Monday, 9 Mar: €6, 25% less than on these days last week."
    assert shop_overview(store, base, week_start="saturday").week == "Sales since Saturday, 14 Mar: €4."


def test_a_week_long_past_is_named_with_its_year(store: Store) -> None:
    add_orders(store, [("a", day, amount) for day, amount in [("2011-12-02", 800), ("2011-12-09", 600)]])
    base = customer_base(store, as_of=date(2011, 12, 9), preferences=NOW)
    week = shop_overview(store, base, today=date(2026, 11, 22)).week
    assert week == ("Sales from Monday, 5 Dec 2011, to 9 Dec 2011: €6, 25% less than on these days of the week before.")
    assert shop_overview(store, base, today=base.as_of).week.startswith("Sales since Monday, 5 Dec: €6")


def test_todays_list_goes_by_the_thresholds(demo_store: Store) -> None:
    later = replace(NOW, at_risk_from=4.0, lapsed_from=5.0)
    for choices in (NOW, later):
        base = base_of(demo_store, LAST_DAY, choices)
        found = find_suggestions(demo_store, base, today=LAST_DAY)
        late = [s.customer_id for s in found if s.kind is ActionKind.LATE]
        assert base.table.loc[late, "lateness"].between(choices.at_risk_from, choices.lost_from).all()
        assert (base.table.loc[late, "lateness"] < 4).any() == (choices is NOW)
