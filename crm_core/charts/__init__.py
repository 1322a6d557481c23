"""A finished table becomes a Plotly figure; no arithmetic here."""
