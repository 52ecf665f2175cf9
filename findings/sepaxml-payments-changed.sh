#!/usr/bin/env bash
# sepaxml 2.7.0: add_payment changes the payment it is given, so a second file of the same payments can't be made.
#
# The day of a payment has to be a date; add_payment puts its text in the place of the date, in the caller's own
# dict. Whoever makes the file again, in another version of the format or after one was refused, gets
# "'str' object has no attribute 'isoformat'" instead of a file. The name of the sender in the settings, and names
# and descriptions of payments, are replaced in the same way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check sepaxml==2.7.0
"$folder/env/bin/python" - <<'PY'
import datetime

from sepaxml import SepaTransfer

IBAN = "DE89370400440532013000"
sender = {"name": "Müller", "IBAN": IBAN, "batch": True, "currency": "EUR"}
payment = {
    "name": "Zoë", "IBAN": IBAN, "amount": 500, "execution_date": datetime.date(2026, 12, 1), "description": "x"
}
first = SepaTransfer(sender, schema="pain.001.001.03")
first.add_payment(payment)
assert b"<ReqdExctnDt>2026-12-01" in first.export(validate=False)
print("afterwards:", sender["name"], payment["name"], repr(payment["execution_date"]))
assert (sender["name"], payment["name"]) == ("Muller", "Zoe"), "the behaviour has changed"
try:
    SepaTransfer(sender, schema="pain.001.001.09").add_payment(payment)
except AttributeError as error:
    print("again:", error)
    assert "isoformat" in str(error), "the behaviour has changed"
else:
    raise AssertionError("the behaviour has changed")
PY
