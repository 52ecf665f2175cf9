"""Starts Flowloom: `streamlit run app.py`, or `python app.py`."""

import sys
from pathlib import Path

# A checkout that was not installed brings its package along.
sys.path.insert(0, str(Path(__file__).parent / "src"))

from flowloom.ui.server import make_app

app = make_app()

if __name__ == "__main__":
    app.run()
