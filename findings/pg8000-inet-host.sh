#!/usr/bin/env bash
# pg8000 1.31.6 (PostgreSQL driver): an `inet` value with a mask comes back as its network; the computer is lost.
#
# PostgreSQL's type `inet` holds "a host address, and optionally its subnet, all in one field" (chapter 8.9.1), so
# 192.168.0.1/24 is computer 1 of that network. The driver's converter builds ipaddress.ip_network(..., strict=False)
# for every text with a slash, and so hands on 192.168.0.0/24 with no error. Who needs the host registers `str` for
# type 869. Seen: 192.168.0.0/24 for 192.168.0.1/24, and 2001:db8::/64 for 2001:db8::5/64.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pg8000==1.31.6
"$folder/env/bin/python" - <<'PY'
from pg8000.converters import inet_in

seen = [str(inet_in(text)) for text in ("192.168.0.1/24", "2001:db8::5/64", "192.168.0.1")]
print(seen)
assert seen == ["192.168.0.0/24", "2001:db8::/64", "192.168.0.1"], "the behaviour has changed"
PY
