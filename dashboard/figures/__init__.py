"""Charts as pure functions from frames to plotly figures as plain dicts."""
