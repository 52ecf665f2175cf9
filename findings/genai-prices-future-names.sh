#!/usr/bin/env bash
# genai-prices 0.2.3: whether a model of a future date has a price depends on the vendor's matching rule.
#
# Names with a date that no vendor has released yet are priced for some families (by their beginning) and raise
# LookupError for others (by a list), so "is there a price?" does not tell "is this model known?". Seen: a price for
# claude-sonnet-4-5-20310101, LookupError for gpt-4.1-mini-2031-01-01, though both are dated 2031.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check genai-prices==0.2.3
"$folder/env/bin/python" - <<'PY'
from genai_prices import Usage, calc_price

usage = Usage(input_tokens=1000, output_tokens=1000)
priced = calc_price(usage, "claude-sonnet-4-5-20310101", provider_id="anthropic").total_price
print("claude-sonnet-4-5-20310101:", priced)
assert priced > 0, "the behaviour has changed"
try:
    found = calc_price(usage, "gpt-4.1-mini-2031-01-01", provider_id="openai")
except LookupError as error:
    print("gpt-4.1-mini-2031-01-01:", type(error).__name__)
else:
    raise AssertionError(f"the behaviour has changed: {found.total_price}")
PY
