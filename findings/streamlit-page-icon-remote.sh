#!/usr/bin/env bash
# Streamlit 1.67.0: an app that gives its pages Material icons and sets no page_icon has each visitor's browser fetch the
# icon of the tab from fonts.gstatic.com.
#
# Streamlit serves the Material font of its pages itself, so nothing else of such an app leaves the computer, and no
# setting names this request. `st.set_page_config(page_icon=…)` with a file of one's own ends it. Needs a Chromium;
# every request that would leave the computer is recorded and refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check streamlit==1.67.0 playwright==1.65.2
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || "$folder/env/bin/playwright" install chromium
cat > "$folder/app.py" <<'PY'
import sys

import streamlit as st

if sys.argv[1:] == ["own"]:
    st.set_page_config(page_icon=sys.argv[0].replace("app.py", "icon.svg"))
st.navigation([st.Page(lambda: st.write("Hello"), title="Home", icon=":material/apps:")]).run()
PY
echo '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>' > "$folder/icon.svg"
asked() {
  "$folder/env/bin/streamlit" run "$folder/app.py" --server.headless true --server.port "$1" \
    --browser.gatherUsageStats false -- "${@:2}" > "$folder/log" 2>&1 &
  server=$!
  "$folder/env/bin/python" - "$1" "$browser" <<'PY'
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

here = f"http://localhost:{sys.argv[1]}"
for _ in range(300):
    try:
        urlopen(here).close()
        break
    except URLError:
        time.sleep(0.1)
far = []
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=sys.argv[2] or None, args=["--no-sandbox"])
    page = chromium.new_page()
    page.route(lambda url: not url.startswith((here, "data:", "blob:")), lambda route: (far.append(route.request.url), route.abort()))
    page.goto(here)
    page.get_by_text("Hello").wait_for()
    page.wait_for_timeout(1500)
    chromium.close()
print(*far or ["nothing"])
PY
  kill "$server"
}
free() { python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"; }
without=$(asked "$(free)")
echo "no page_icon:  $without"
[[ "$without" == *https://fonts.gstatic.com/*apps* ]] || { echo "the behaviour has changed"; exit 1; }
with=$(asked "$(free)" own)
echo "own page_icon: $with"
[ "$with" = nothing ] || { echo "the behaviour has changed"; exit 1; }
