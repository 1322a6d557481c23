"""The launcher: `streamlit run app.py` serves the dashboard and, under /api, the REST interface in one process."""

import streamlit as st
from starlette.routing import Mount

from crm_core.api.application import make_api

app = st.App("pages/frame.py", routes=[Mount("/api", app=make_api())])
