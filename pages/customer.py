"""One customer: who is this person, how do they stand, what to offer them, what happened so far?"""

import streamlit as st

from crm_core.charts.customer import sales_over_time
from crm_core.decisions.lifecycle import stage_meanings
from crm_core.services.custom_fields import list_custom_fields
from crm_core.services.people import Person, load_person, sales_by_quarter
from crm_core.vocabulary import CURRENT_STAGES, Stage
from crm_core.wording import day, plural
from pages.parts import loading
from pages.parts.custom_fields import show_custom_fields
from pages.parts.display import download_table, money_column, palette, show_chart, table_height, to_major
from pages.parts.export_list import download_person
from pages.parts.next_offer import load_next_offer, show_next_offer
from pages.parts.offers import load_offers, note_shown, show_neighbours, show_offer_lists
from pages.parts.offers_made import show_offers_made
from pages.parts.person_ahead import show_person_ahead
from pages.parts.person_changes import offer_changes
from pages.parts.person_figures import show_person_figures
from pages.parts.replay import keep_day
from pages.parts.words import as_is

LONGEST_NUMBER = 9  # digits of the largest number a database column of ours holds

store, base = loading.store(), loading.base()
asked = st.query_params.get("id", "")
if not asked.isdecimal() or len(asked) > LONGEST_NUMBER:
    st.title("Which customer?", anchor=False)
    st.info("Open a person from the list of customers.", icon=":material/group:")
    st.page_link("customers.py", label="All customers", icon=":material/arrow_back:")
    st.stop()


def standing(person: Person) -> str:
    """How the customer stands, in a sentence of their own numbers."""
    figures = person.figures
    if figures is None:
        return f"Known, but without a paid order up to {day(base.as_of)}."
    since = plural(int(figures["days_since_last_order"]), "day")
    if figures["purchase_days"] == 1:
        pace = base.shop.first_to_second_days
        usual = f"; half of the second orders here came within {plural(round(pace), 'day')}" if pace else ""
        return f"Ordered on one day, {since} ago{usual}."
    return f"Usually buys every {plural(round(figures['usual_gap_days']), 'day')}; the latest order was {since} ago."


customer_id = int(asked)
then = loading.replayed()
person = load_person(store, base, customer_id, until=then.day if then else None)
record, figures = person.record, person.figures
st.page_link("customers.py", label="All customers", icon=":material/arrow_back:", query_params=keep_day())
st.title(as_is(record["label"]), anchor=False)
stage = Stage(figures["stage"]) if figures is not None else Stage.PROSPECT
with st.container(horizontal=True, vertical_alignment="center"):
    st.badge(stage.value, color="green" if stage in CURRENT_STAGES else "gray", help=stage_meanings(base.limits)[stage])
    if record["archived_at"]:
        st.badge("archived", color="gray", help="Counts in every figure, and is suggested for nothing.")
    st.markdown(standing(person), width="content")
    offer_changes(customer_id, record)
known = [record["email"], record["phone"], record["postcode"], record["country"]]
birthday = f"born {day(record['birthday'])}" if record["birthday"] else None
details = " · ".join(as_is(part) for part in [*known, birthday, f"number {record['source_id']}"] if part)
st.markdown(f":small[{details}]")

if figures is not None:
    show_person_figures(figures, base, loading.preferences().horizon_days)
    if base.value_is_learnt:
        show_person_ahead(customer_id, figures, base)

kept = list_custom_fields(store, "customer_id", customer_id)
if len(kept):
    with st.expander(plural(len(kept), "further field"), icon=":material/label:"):
        show_custom_fields(kept)

offers, history = st.columns([4, 5], gap="medium")
with offers:
    found = load_offers(customer_id)
    next_offer = load_next_offer(found)
    show_next_offer(found, next_offer)
    show_offer_lists(found)
    show_offers_made(customer_id)
    show_neighbours(found)
    note_shown(found, next_offer)
with history:
    st.subheader("What happened so far", anchor=False)
    if person.history.empty:
        st.caption("Nothing had happened by then." if then else "Nothing is stored yet.")
    else:
        if figures is not None and figures["purchase_days"] > 1:
            quarters = sales_by_quarter(base, customer_id)
            show_chart(sales_over_time(quarters, base.currency, palette()), key="sales_over_time")
        table = person.history.assign(amount=to_major(person.history["amount_minor"].astype(float), base.currency))
        st.dataframe(
            table[["happened_on", "amount", "what"]],
            hide_index=True,
            key="history",
            placeholder="",
            height=table_height(len(table)),
            column_config={
                "happened_on": st.column_config.DateColumn("Day", format="D MMM YYYY"),
                "what": "What",
                "amount": money_column("Amount", base.currency),
            },
        )
        download_table(person.history, f"history_{customer_id}")
    download_person(customer_id, record["label"])
