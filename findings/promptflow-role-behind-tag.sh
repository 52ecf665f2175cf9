#!/usr/bin/env bash
# promptflow-core 1.18.5: a role on the line right behind a Jinja tag is not seen, so its message joins the one before.
#
# Prompts are rendered with trim_blocks, which takes away the line end behind a tag, and only then split at lines such
# as "user:". After "{% endif %}" the role is no longer at the start of its line: the model gets one system message
# that ends in "user: …", without an error. An empty line between the tag and the role keeps them apart.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check promptflow-core==1.18.5 'openai<2'
"$folder/env/bin/python" - <<'PY'
from promptflow.core._prompty_utils import parse_chat, render_jinja_template

tight = "system:\n{% if strict %}Use the facts alone.{% endif %}\nuser:\nTell me of {{ topic }}.\n"
apart = tight.replace("{% endif %}\n", "{% endif %}\n\n")
for name, template in (("tight", tight), ("apart", apart)):
    messages = parse_chat(render_jinja_template(template, strict=True, topic="wool"))
    print(name, [message["role"] for message in messages])
    assert [message["role"] for message in messages] == (["system"] if name == "tight" else ["system", "user"])
PY
