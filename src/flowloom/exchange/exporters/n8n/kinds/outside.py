"""Documents and other computers."""

from typing import Any

from flowloom.exchange.exporters.n8n.expressions import as_text, output_of
from flowloom.exchange.exporters.n8n.workflow import AI, BASE, Workflow
from flowloom.nodes.tools.http_request import WITHOUT_BODY
from flowloom.run.planning.plan import Step

CONTENT = {"json": "json", "text": "raw", "form": "form-urlencoded"}


def write_http(app: Workflow, step: Step) -> None:
    config = app.config(step)
    settings: dict[str, Any] = {"method": config.method, "url": app.with_values(step, config.url)}
    headers = [
        {"name": each.name.strip(), "value": app.with_values(step, each.value)}
        for each in config.headers
        if each.name.strip()
    ]
    if headers:
        settings |= {"sendHeaders": True, "headerParameters": {"parameters": headers}}
    if config.body.strip() and config.method not in WITHOUT_BODY:
        settings |= _body(app, step)
    response: dict[str, Any] = {"fullResponse": True, "neverError": not config.fail_on_error}
    settings["options"] = {"response": {"response": response}, "timeout": int(config.timeout * 1000)}
    name = app.node(step, f"{BASE}httpRequest", 4.2, settings)
    app.gives(step, data="body", status="statusCode")
    app.values[step.id, "text"] = as_text(output_of(name, "body"))
    app.differ(
        step, "Values are put into the address as they are.", "You notice it where one holds a space or a sign."
    )


def _body(app: Workflow, step: Step) -> dict[str, Any]:
    config = app.config(step)
    text = app.with_values(step, config.body)
    if config.body_format == "json":
        return {"sendBody": True, "contentType": "json", "specifyBody": "json", "jsonBody": text}
    if config.body_format == "form":
        return {"sendBody": True, "contentType": "form-urlencoded", "specifyBody": "string", "body": text}
    return {"sendBody": True, "contentType": "raw", "rawContentType": "text/plain", "body": text}


def write_search(app: Workflow, step: Step) -> None:
    settings = {
        "mode": "load",
        "memoryKey": {"__rl": True, "mode": "list", "value": "vector_store_key"},
        "prompt": app.text(step, "question"),
        "topK": app.config(step).top_k,
    }
    name = app.node(step, f"{AI}vectorStoreInMemory", 1.2, settings, alwaysOutputData=True)
    # Each passage is an item, for each of which n8n would run what follows.
    app.behind(step, f"{name}: once", f"{BASE}limit", 1, {"maxItems": 1})
    app.serve(step, name, "ai_embedding", f"{name}: embeddings", f"{AI}embeddingsOpenAi", 1.2, options={})
    found = f"$({name!r}).all().filter(each => each.json.document)"
    place = "each.json.document.metadata?.source ?? ''"
    app.values[step.id, "passages"] = (
        f"{found}.map(each => ({{ place: {place}, text: each.json.document.pageContent }}))"
    )
    app.values[step.id, "text"] = f"{found}.map(each => each.json.document.pageContent).join('\\n\\n')"
    app.differ(step, "Documents don’t come along.", "Insert them into this vector store in n8n.")


WRITERS = {"http.request": write_http, "knowledge.search": write_search}
