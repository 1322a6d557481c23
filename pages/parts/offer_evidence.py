"""What the owner's own past says of offers: the line below the lists."""

import streamlit as st

from pages.parts import analysis, later, loading

UNTESTED = "Counted from purchases. Not tested on your own past yet; Accuracy, Offers does that."


def show_offer_evidence() -> None:
    """What was found on past days, that it is being found out, or that it was not; and where no method was chosen."""
    for note in loading.tastes().choice(new_only=False).notes:
        st.caption(note)
    tested = analysis.tested_offers()
    if tested is None:
        job = later.find(analysis.offer_backtest_key(analysis.OFFER_DAYS))
        running = job is not None and not job.is_over
        st.caption("Counted from purchases; being tested on your own past meanwhile." if running else UNTESTED)
        return
    if tested.too_early:
        st.caption(f"Counted from purchases; not tested on your own past yet. {tested.too_early}")
        return
    from crm_core.services.offer_backtest import ListKind  # sparse matrices, needed by few pages

    new = tested.grades[ListKind.NEW].table["hit_share"]
    said = f"{tested.sentence(ListKind.NEXT)} {tested.verdict(ListKind.NEXT)}"
    st.caption(
        f"Tested on your own past: {said} From the list of new products it was {100 * new['list']:.0f}, from "
        f"bestsellers new to them {100 * new['bestsellers']:.0f}. Accuracy, Offers has the figures."
    )
