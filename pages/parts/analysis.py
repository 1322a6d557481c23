"""What takes longer than a page may: backtests and next orders, worked out beside the pages and kept.

Small shops' are quick enough to wait for. What other pages may show of a prediction is decided by the level of evidence
that the backtests found; until they have run it is the customers' own rhythm.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from crm_core.services.accuracy import HORIZONS, Backtests, Verdict, evidence_for, run_backtests
from crm_core.services.customers import LARGE, CustomerBase
from crm_core.services.next_orders import NextOrders, predict_next_orders
from crm_core.services.today import STAKE_DAYS
from crm_core.settings import Settings
from crm_core.vocabulary import Evidence, Question
from pages.parts import later, loading

if TYPE_CHECKING:
    from crm_core.services.offer_backtest import OfferBacktest

OFFER_DAYS = 30  # ahead, of the test of offers that Recommend speaks of
QUICK = 1_000  # customers up to which a page waits
TESTED_DAYS = STAKE_DAYS  # ahead, of the test that decides what other pages show


def backtests(horizon_days: int) -> Backtests | None:
    """What tests on past days found for so many days ahead; None while they run beside the page."""
    base = loading.base()
    work = partial(run_backtests, loading.store(), base, horizon_days=horizon_days)
    key = backtests_key(horizon_days)
    later.begin(key, work, at_once=len(base.table) <= QUICK)
    found: Backtests | None = later.result_of(key)
    return found


def backtests_key(horizon_days: int) -> str:
    """Under which these tests run, and are kept."""
    return loading.work_key("backtests", horizon_days, loading.base().prediction.model)


def offer_backtest(horizon_days: int) -> "OfferBacktest | None":
    """What tests of offers on past days found for so many days ahead; None while they run beside the page."""
    base, key = loading.base(), offer_backtest_key(horizon_days)
    later.begin(key, _testing_offers(horizon_days), at_once=len(base.table) <= QUICK)
    found: OfferBacktest | None = later.result_of(key)
    return found


def _testing_offers(horizon_days: int) -> Callable[..., "OfferBacktest"]:
    from crm_core.services.offer_backtest import run_offer_backtest  # sparse matrices, needed by few pages

    return partial(run_offer_backtest, loading.store(), loading.base(), horizon_days=horizon_days)


def offer_backtest_key(horizon_days: int) -> str:
    """Under which tests of offers run, and are kept."""
    return loading.work_key("offers on past days", horizon_days)


def tested_offers() -> "OfferBacktest | None":
    """The same for the span that Recommend speaks of, where it has run. It is begun beside the page unless the owner
    wants no tests, or the base is so large that it would take minutes."""
    key = offer_backtest_key(OFFER_DAYS)
    if len(loading.base().table) <= LARGE and Settings.from_environment().tests_itself:
        later.begin(key, _testing_offers(OFFER_DAYS))
    found: OfferBacktest | None = later.result_of(key)
    return found


def verdict(question: Question, *, days: int = TESTED_DAYS) -> Verdict | None:
    """The level of evidence of one kind of prediction so many days ahead, where that was tested since the facts
    changed; of the nearest span that is tested."""
    tested: Backtests | None = later.result_of(backtests_key(nearest_tested(days)))
    return evidence_for(tested, question) if tested else None


def nearest_tested(days: int) -> int:
    """The span of those tested that is nearest to a number of days ahead."""
    return min(HORIZONS, key=lambda tested: abs(tested - days))


def is_tested(question: Question) -> bool:
    """Whether the model beat the customers' own rhythm on this shop's past."""
    found = verdict(question)
    return found is not None and found.level == Evidence.TESTED_MODEL


def begin_tests() -> None:
    """Begin the tests that decide what pages may show, unless the owner wants none or the base is so large that they
    would take minutes: then they wait until Accuracy is opened."""
    base = loading.base()
    if base.value_is_learnt and len(base.table) <= LARGE and Settings.from_environment().tests_itself:
        for days in dict.fromkeys([TESTED_DAYS, nearest_tested(loading.preferences().horizon_days)]):
            work = partial(run_backtests, loading.store(), base, horizon_days=days)
            later.begin(backtests_key(days), work)


def next_orders(base: CustomerBase) -> NextOrders | None:
    """When everybody is likely to order next; None while that is worked out beside the page."""
    churn_days = loading.preferences().churn_days
    key = next_orders_key()
    work = partial(predict_next_orders, base, churn_days=churn_days)
    later.begin(key, work, at_once=len(base.table) <= QUICK)
    found: NextOrders | None = later.result_of(key)
    return found


def next_orders_key() -> str:
    """Under which next orders are worked out, and kept."""
    return loading.work_key("next orders", loading.preferences().churn_days)
