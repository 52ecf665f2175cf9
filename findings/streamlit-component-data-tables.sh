#!/usr/bin/env bash
# Streamlit 1.67.0: a component (`st.components.v2`) that is handed a dict with a dict or a list among its values makes
# the server import pandas and PyArrow, though there is no table anywhere; the very same data within a list does not.
#
# Of a dict Streamlit asks of each value whether it is a table. For an app without tables that is most of a second on
# the first page that shows the component, and some 70 MB for as long as the server runs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check streamlit==1.67.0
cat > "$folder/shown.py" <<'PY'
import sys

from streamlit.testing.v1 import AppTest


def app(within):
    import streamlit as st

    show = st.components.v2.component("an.example", html="<p></p>", js="export default () => {}")
    show(data=[{"labels": {"title": "Runs"}}] if within == "list" else {"labels": {"title": "Runs"}}, key="shown")


page = AppTest.from_function(app, args=(sys.argv[1],)).run(timeout=30)
assert not page.exception
print(*[name for name in ("pandas", "pyarrow") if name in sys.modules] or ["nothing"])
PY
cd "$folder"
for within in dict list; do
  found=$("$folder/env/bin/python" shown.py "$within" 2> "$folder/log")
  echo "data in a $within: imported $found"
  [ "$found" = "$([ "$within" = dict ] && echo 'pandas pyarrow' || echo nothing)" ] || { echo "the behaviour has changed"; exit 1; }
done
