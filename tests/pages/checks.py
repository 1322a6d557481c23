"""What holds on every page in every state."""

from streamlit.testing.v1 import AppTest


def check_sound(page: AppTest) -> None:
    """No traceback, no unexpected error, one title."""
    assert not page.exception, [error.value for error in page.exception]
    assert not page.error, [error.value for error in page.error]
    assert len(page.title) == 1
