"""Documents and other computers."""

from flowloom.exchange.exporters.dify.app import App, settings
from flowloom.exchange.exporters.dify.kinds.values import with_values
from flowloom.run.planning.plan import Step


def write_http(app: App, step: Step) -> None:
    config = settings(step)
    headers = "\n".join(f"{each.name.strip()}:{with_values(app, step, each.value)}" for each in config.headers)
    type = {"json": "json", "text": "raw-text", "form": "x-www-form-urlencoded"}[config.body_format]
    text = with_values(app, step, config.body)
    body = (
        {"type": type, "data": [{"type": "text", "key": "", "value": text}]}
        if text
        else {"type": "none", "data": []}
    )
    app.node(
        step,
        "http-request",
        method=config.method.lower(),
        url=with_values(app, step, config.url),
        params="",
        headers=headers,
        authorization={"type": "no-auth", "config": None},
        body=body,
        timeout={"max_read_timeout": int(config.timeout)},
    )
    app.gives(step, text="body", status="status_code", data="body")
    app.differ(
        step, "Values are put into the address as they are.", "You notice it where one holds a space or a sign."
    )


def write_search(app: App, step: Step) -> None:
    selector = app.value(step, "question")
    retrieval = {"top_k": settings(step).top_k, "score_threshold": None, "reranking_enable": False}
    app.node(
        step,
        "knowledge-retrieval",
        query_variable_selector=selector,
        dataset_ids=[],
        retrieval_mode="multiple",
        multiple_retrieval_config=retrieval,
    )
    app.gives(step, passages="result", text="result")
    app.differ(step, "Documents don’t come along.", "Upload them in Dify and choose them in this node.")


WRITERS = {
    "http.request": write_http,
    "knowledge.search": write_search,
}
