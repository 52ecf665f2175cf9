#!/usr/bin/env bash
# PyYAML 6.0.3: a bare = or << as a plain word of a list stops the whole document with a ConstructorError.
#
# Both are tags of YAML 1.1 ("value" and "merge"), for which the safe loaders resolve the word but have no constructor.
# In YAML 1.2, which OpenAPI asks for, they are words like others; lists of comparison operators hold them. A ==
# beside them is read. Seen: "could not determine a constructor for the tag 'tag:yaml.org,2002:value'" and the same
# for merge, from SafeLoader and CSafeLoader alike, while quoted ones are read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pyyaml==6.0.3
"$folder/env/bin/python" - <<'PY'
import yaml

for loader in (yaml.SafeLoader, yaml.CSafeLoader):
    assert yaml.load("operator: ['=', '<<', '>=', ==]", Loader=loader)["operator"] == ["=", "<<", ">=", "=="]
    for word, tag in (("=", "value"), ("<<", "merge")):
        try:
            found = yaml.load(f"operator: [{word}, '>=']", Loader=loader)
        except yaml.constructor.ConstructorError as error:
            print(loader.__name__, word, error.problem)
            assert tag in error.problem, "the behaviour has changed"
        else:
            raise AssertionError(f"the behaviour has changed: {found}")
PY
