#!/usr/bin/env bash
# graphon 0.1.2 (Dify's engine): a list of texts that starts empty reads differently in a prompt for good.
#
# A variable takes its type from its first value, whatever type it is declared with, and keeps it when steps write to it.
# A loop variable declared array[string] that starts as [] therefore stands in a prompt as a Python list, ['tea'], while
# one that starts with an item stands there as JSON, ["cup", "tea"]. Whoever parses the prompt or the text made from it
# gets one or the other, depending on the value before the first round.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  -r "$here/../benchmarks/fidelity/engines/dify/requirements.txt"
"$folder/env/bin/python" - <<'PY'
from graphon.runtime.variable_pool import VariablePool

pool = VariablePool.empty()
for name, start in (("empty", []), ("started", ["cup"])):
    pool.add(["loop", name], start)
    # What the assigner does when it appends a text.
    variable = pool.get(["loop", name])
    pool.add(["loop", name], variable.model_copy(update={"value": [*variable.value, "tea"]}))
    print(name, pool.convert_template("{{#loop." + name + "#}}").text)
assert pool.convert_template("{{#loop.empty#}}").text == "['tea']", "the behaviour has changed"
assert pool.convert_template("{{#loop.started#}}").text == '["cup", "tea"]', "the behaviour has changed"
PY
