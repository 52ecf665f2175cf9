#!/usr/bin/env bash
# dateparser 1.5.0: in Chinese text, search_dates loses the day of a date and takes a day of the month for a number of days.
#
# "8月3日" (3 August) is found, but as 1 August; "7日" (the 7th) as seven days from now; parse() alone gives None for the
# first. The same date in English keeps its day. Seen with languages=["zh"], a fixed RELATIVE_BASE and
# PREFER_DATES_FROM="future", so a form filled in this way holds a wrong day without any sign of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0
"$folder/env/bin/python" - <<'PY'
from datetime import datetime

import dateparser
from dateparser.search import search_dates

settings = {"RELATIVE_BASE": datetime(2026, 11, 29), "PREFER_DATES_FROM": "future"}
found = search_dates("8月3日到7日", languages=["zh"], settings=settings)
print(found)
assert [day for _, day in found] == [datetime(2027, 8, 1), datetime(2026, 12, 6)], "the behaviour has changed"
assert dateparser.parse("8月3日", languages=["zh"], settings=settings) is None, "the behaviour has changed"
english = search_dates("3 August", languages=["en"], settings=settings)
print(english)
assert english[0][1] == datetime(2027, 8, 3), "the behaviour has changed"
PY
