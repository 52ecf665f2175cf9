#!/usr/bin/env bash
# Streamlit 1.67.0: each new `AppTest` parses the METADATA file of every package that is installed, some four times over.
#
# A server looks for packages that bring components once, as it starts. `AppTest` makes a registry of components of its
# own at its first run, so that a test of a small page takes as long as the environment is large: with some 200 packages
# 0.2 s, of which the page itself is 0.02. `Distribution.metadata` keeps nothing, and the scan asks it for the name, for
# the summary twice and for what is required. A suite that keeps the scan's result (`functools.cache` around
# streamlit.components.v2.manifest_scanner.scan_component_manifests) pays once.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check streamlit==1.67.0 2> "$folder/log"
cat > "$folder/counted.py" <<'PY'
import email
import importlib.metadata
from collections import Counter

from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    st.button("Again")


parsed = Counter()
parse = email.message_from_string


def counted(text, *rest):
    parsed["texts"] += 1
    return parse(text, *rest)


email.message_from_string = counted
packages = len(list(importlib.metadata.distributions()))
for _ in range(3):
    parsed.clear()
    app = AppTest.from_function(page).run()
    first = parsed["texts"]
    app.button[0].click().run()
    assert not app.exception
    print(f"{packages} packages: {first} texts of metadata parsed at the first run, {parsed['texts'] - first} at the next")
    assert first >= 3 * packages and parsed["texts"] == first, "the behaviour has changed"
PY
cd "$folder"
"$folder/env/bin/python" counted.py 2> "$folder/log"
