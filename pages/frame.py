"""The frame around every page: settings of the browser tab, sidebar, navigation, and where errors end up."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.logs import start_log
from crm_core.services.customers import LARGE
from crm_core.settings import Settings
from crm_core.wording import day, plural
from pages.parts import later, loading
from pages.parts.display import PAGES
from pages.parts.failures import guarded
from pages.parts.logo import LOGO, MARK
from pages.parts.replay import OF_TODAY, follow_address, show_banner, show_picker
from pages.parts.snapshots import take_when_due

GROUPS = {
    "Daily": ["today", "customers", "customer"],
    "Understand": ["value", "segments"],
    "Grow": ["recommend"],
    "Trust": ["accuracy", "data", "settings"],
}
HIDDEN = {"customer"}

settings = Settings.from_environment()
start_log(settings.log_file, database_url=settings.database_url)  # once a process

st.set_page_config(page_title="Regulars", page_icon=MARK, layout="wide")
st.logo(LOGO, size="large", icon_image=MARK)


def register(path: str) -> "st.Page":
    """One page of the navigation; Today answers at the root."""
    file, title, icon = PAGES[path]
    return st.Page(
        file,
        title=title,
        icon=icon,
        url_path=path,
        default=path == "today",
        visibility="hidden" if path in HIDDEN else "visible",
    )


def show_state() -> DeltaGenerator:
    """The day looked at with the choice of another, and the size of the base, under the menu; below it is room for what
    is still being learnt."""
    looked_at = loading.as_of()
    known = loading.known_then()
    with st.sidebar:
        made_up = " · made-up company" if known["demo"] else ""
        st.caption(
            f"As of **{day(looked_at.day)}** · {plural(known['customers'], 'customer')}{made_up}",
            help=looked_at.sentence,
        )
        show_picker()
        return st.container()


def show_learning() -> None:
    """How far a large base is with learning from its past, which changes what every page expects."""
    if loading.replayed() and loading.known_then()["customers"] > LARGE:
        st.caption("Of a past day one model answers, so that you need not wait while it learns.")
        return
    job = later.find(loading.work_key(loading.LEARNING))
    if job is not None and not job.is_over:
        st.caption(
            "Learning from your past days; until then one model answers.",
            help="With so many customers this takes up to a minute or two after each change. BG/NBD and Gamma-Gamma "
            "answer meanwhile; the figures of worth change once when it is done.",
        )
        later.show_progress(loading.work_key(loading.LEARNING))


page = st.navigation({group: [register(path) for path in paths] for group, paths in GROUPS.items()})
with guarded():
    problem = follow_address(page.url_path)
    below = show_state()
    show_banner(problem)
    if page.url_path not in OF_TODAY:  # those need no base
        take_when_due()
    try:
        page.run()
    finally:
        later.page_is_drawn()
        with below:
            show_learning()
