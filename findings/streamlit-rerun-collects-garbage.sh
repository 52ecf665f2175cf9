#!/usr/bin/env bash
# Streamlit 1.67.0: after every run of the script, which is after every click of every visitor, the server collects
# garbage in all generations, whatever the thresholds of Python's collector say and even where it is switched off.
#
# It looks through all objects of the process while nothing else of Python can run, so what an app imports makes each
# click slower for all its visitors: 60 to 80 ms were seen with the modules of an ordinary app. `gc.freeze()` once the
# imports are done takes these objects out of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check streamlit==1.67.0
cat > "$folder/counted.py" <<'PY'
import gc
import time

from streamlit.testing.v1 import AppTest


def app():
    import streamlit as st

    st.button("Click")


gc.disable()
page = AppTest.from_function(app).run(timeout=30)
kept = [{"name": str(number)} for number in range(1_000_000)]
looks, began = [], 0.0


def note(phase, info):
    global began
    if phase == "start":
        began = time.perf_counter()
    elif info["generation"] == 2:
        looks.append(time.perf_counter() - began)


gc.callbacks.append(note)
told = {}
for name in ("as it is", "frozen"):
    looks.clear()
    for _ in range(3):
        page.button[0].click().run(timeout=30)
    told[name] = (len(looks), sum(looks))
    print(f"{name}: {len(looks)} full collections in 3 clicks, {sum(looks):.3f} s")
    gc.freeze()
assert told["as it is"][0] >= 3, "the behaviour has changed"
assert told["frozen"][1] < told["as it is"][1] / 4, "the behaviour has changed"
PY
cd "$folder"
"$folder/env/bin/python" counted.py 2> "$folder/log"
