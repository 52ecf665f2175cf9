"""Publishes the flow of the benchmark in a fresh folder and prints a key for it. `MODEL_URL FLOW`."""

import sys

from tests.serve.api.serving import flow_of

from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.publications import Terms
from flowloom.workspace import open_workspace

CHAIN = flow_of(
    {"m": "chat.message", "p": ("prompt", {"template": "{{message}}"}), "a": "model", "z": "chat.answer"},
    "m.message>p.message p.prompt>a.prompt a.answer>z.text",
    name="Chain",
)
PLEASE = {"name": "Please", "conditions": [{"input": "Message", "operator": "contains", "value": "please"}]}
BRANCH = flow_of(
    {
        "m": "chat.message",
        "b": ("branch", {"rows": [PLEASE]}),
        "p": ("prompt", {"template": "Kindly: {{message}}"}),
        "q": ("prompt", {"template": "{{message}}"}),
        "a": "model",
        "z": "chat.answer",
    },
    "m.message>b.message b.please>p.message b.otherwise>q.message "
    "p.prompt>a.prompt q.prompt>a.prompt a.answer>z.text",
    name="Branch",
)


def main() -> None:
    home = open_workspace()
    model, flow = sys.argv[1], BRANCH if sys.argv[2] == "branch" else CHAIN
    provider = Provider(id="scripted", kind="compatible", base_url=model, models=("m",), at_once=1000)
    home.models_changed(ModelSettings().with_provider(provider).played_by("scripted/m"))
    home.publications.publish(home.flows.create(flow), "gpt", Terms())
    print(home.api_keys.make("benchmark")[1])
    home.close()


if __name__ == "__main__":
    main()
