"""Where errors of pages end: an expected one as its sentence, any other as an id that is also in the log."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from crm_core.errors import CrmError
from crm_core.logs import log_failure
from pages.parts.words import as_is


@contextmanager
def guarded() -> Iterator[None]:
    """Show an error instead of raising it; never a traceback.

    Also a decorator, which fragments need: they rerun outside the frame.
    """
    try:
        yield
    except Exception as error:  # the page is the last place that can catch it
        show_failure(error)


def show_failure(error: Exception) -> bool:
    """One error on the page; True: it has been shown. Streamlit calls it for what a button's callback raises."""
    if isinstance(error, CrmError):
        st.error(as_is(error), icon=":material/error:")
    else:
        st.error(
            f"Something went wrong here, and it is our mistake, not yours. Your data are unchanged. "
            f"Reload the page; if it happens again, error {log_failure(error)} is in the log.",
            icon=":material/error:",
        )
    return True
