"""Starts Flowloom: `streamlit run app.py`, or `python app.py`."""

import sys
from pathlib import Path

import streamlit as st

# A checkout that was not installed brings its package along.
sys.path.insert(0, str(Path(__file__).parent / "src"))

from flowloom.ui.server import app_parts

# `streamlit run` finds the app by reading this file, so the call has to stand here as it is.
app = st.App(**app_parts())

if __name__ == "__main__":
    app.run()
