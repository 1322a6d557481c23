"""The launcher: `streamlit run app.py` serves the dashboard and, under /api, the REST interface in one process."""

import logging

import streamlit as st
from starlette.routing import Mount

from crm_core.api.application import make_api
from crm_core.logs import start_log
from crm_core.settings import Settings
from pages.parts.failures import show_failure

settings = Settings.from_environment()
start_log(settings.log_file, database_url=settings.database_url)
logging.getLogger("streamlit.error_util").addFilter(lambda _: False)  # it tells an error's text, which may hold data
app = st.App("pages/frame.py", routes=[Mount("/api", app=make_api(settings))], on_script_error=show_failure)
