"""The API as an OpenAPI document, for tools that make clients or tests of it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
FREE: Json = {"type": "object"}
ERRORS = {
    400: "What is wrong is named in `param`.",
    401: "No key, or one that opens nothing.",
    402: "The key or the GPT has spent its limit.",
    403: "The key is not for this.",
    404: "There is no such thing for this key.",
    408: "The body took too long.",
    409: "Another request with this Idempotency-Key, or nothing is asked.",
    413: "The body is larger than 32 MB.",
    429: "Too many requests; `Retry-After` says when to try again.",
    500: "The GPT could not finish its answer.",
    502: "The model did not answer.",
    503: "Flowloom cannot use its disk.",
}
OF_ALL = (401, 403, 429, 503)
OF_BODY = (400, 402, 404, 408, 409, 413, 500, 502)


def _object(required: tuple[str, ...] = (), /, **properties: Json) -> Json:
    made: Json = {"type": "object", "properties": properties}
    return made | {"required": list(required)} if required else made


def _nullable(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(schema: Json) -> Json:
    return {"type": "array", "items": schema}


MESSAGE = _object(
    ("role", "content"),
    role={"type": "string", "enum": ["user", "assistant", "system", "developer"]},
    content={"anyOf": [TEXT, _list(FREE)]},
)
SCHEMAS: Json = {
    "Error": _object(
        ("error",),
        error=_object(
            ("message", "type", "code", "param"), message=TEXT, type=TEXT, code=TEXT, param=_nullable(TEXT)
        ),
    ),
    "Message": MESSAGE,
    "Event": _object(("data",), data=TEXT, event=TEXT, id=TEXT),
    "Model": _object(
        ("id", "object", "created", "owned_by"),
        id=TEXT,
        object={"const": "model"},
        created=NUMBER,
        owned_by=TEXT,
        name=TEXT,
        description=TEXT,
    ),
    "Models": _object(("object", "data"), object={"const": "list"}, data=_list(_ref("Model"))),
    "Completion": _object(
        ("id", "object", "created", "model", "choices", "usage", "flowloom"),
        id=TEXT,
        object={"const": "chat.completion"},
        created=NUMBER,
        model=TEXT,
        choices=_list(FREE),
        usage=_nullable(FREE),
        flowloom=FREE,
    ),
    "Response": _object(
        ("id", "object", "created_at", "status", "model", "output"),
        id=TEXT,
        object={"const": "response"},
        created_at=NUMBER,
        status={"enum": ["in_progress", "completed", "failed", "cancelled"]},
        model=TEXT,
        output=_list(FREE),
    ),
    "Deleted": _object(("id", "deleted"), id=TEXT, object=TEXT, deleted={"type": "boolean"}),
    "Question": _object(
        ("id", "title", "text", "choices", "fields", "deadline"),
        id=TEXT,
        title=TEXT,
        text=TEXT,
        choices=_list(_object(("id", "label"), id=TEXT, label=TEXT)),
        fields=_list(_object(("name", "type", "required"), name=TEXT, type=TEXT, required={"type": "boolean"})),
        deadline=_nullable({"type": "number"}),
    ),
    "Run": _object(
        ("id", "object", "model", "status", "created", "conversation", "text", "files", "questions", "error"),
        id=TEXT,
        object={"const": "run"},
        model=TEXT,
        status={"enum": ["running", "waiting", "completed", "failed", "cancelled", "interrupted"]},
        created=NUMBER,
        ended=_nullable({"type": "number"}),
        conversation=TEXT,
        text=TEXT,
        saved_answer={"type": "boolean"},
        files=_list(FREE),
        sources=_list(TEXT),
        questions=_list(_ref("Question")),
        usage=_nullable(FREE),
        error=_nullable(FREE),
    ),
}
CHAT = _object(
    ("model", "messages"),
    model=TEXT,
    messages=_list(_ref("Message")),
    stream={"type": "boolean"},
    stream_options=FREE,
    user=TEXT,
)
RESPOND = _object(
    ("model", "input"),
    model=TEXT,
    input={"anyOf": [TEXT, _list(_ref("Message"))]},
    instructions=_nullable(TEXT),
    previous_response_id=_nullable(TEXT),
    conversation=_nullable({"anyOf": [TEXT, _object(("id",), id=TEXT)]}),
    store={"type": "boolean"},
    stream={"type": "boolean"},
    background={"type": "boolean"},
    metadata=FREE,
)
START = _object(
    ("model",), model=TEXT, message=TEXT, messages=_list(_ref("Message")), conversation=_nullable(TEXT), user=TEXT
)
ANSWER = _object(question=TEXT, choice=TEXT, values=FREE, comment=TEXT)


def _told(status: int, about: str, schema: Json | None, kind: str = "application/json") -> Json:
    return {str(status): {"description": about, "content": {kind: {"schema": schema or {}}}}}


def _call(
    name: str, about: str, answers: Json, *, body: Json | None = None, ids: tuple[str, ...] = (), **more: Any
) -> Json:
    failures = (*OF_ALL, *(OF_BODY if body is not None else ()), *((404,) if ids else ()), *more.get("also", ()))
    made: Json = {
        "operationId": name,
        "summary": about,
        "parameters": [{"name": each, "in": "path", "required": True, "schema": TEXT} for each in ids],
        "responses": answers
        | {
            str(status): _told(status, ERRORS[status], _ref("Error"))[str(status)]
            for status in sorted(set(failures))
        },
    }
    if body is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
        once = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}
        made["parameters"].append(once)
    return made


def _paths() -> Json:
    model, response, run = (_ref(name) for name in ("Model", "Response", "Run"))
    run_now = _told(202, "The run as it stands.", run)
    chat = _told(200, "The answer; with `stream`, in pieces.", _ref("Completion"))
    chat["200"]["content"]["text/event-stream"] = {"schema": _ref("Event")}
    respond = _told(200, "The answer; with `stream`, in pieces.", response)
    respond["200"]["content"]["text/event-stream"] = {"schema": _ref("Event")}
    one: dict[str, Any] = {"ids": ("run",)}
    again = (400, 404, 409)
    models = _told(200, "The published GPTs that the key opens.", _ref("Models"))
    file = _told(200, "The file.", {"type": "string", "format": "binary"}, "application/octet-stream")
    events = _told(
        200, "Server-sent events; `Last-Event-ID` goes on where one left.", _ref("Event"), "text/event-stream"
    )
    stopped = _told(200, "The run, stopped.", run)
    return {
        "/v1/models": {"get": _call("list_models", "GPTs", models)},
        "/v1/models/{model}": {"get": _call("get_model", "One GPT", _told(200, "It.", model), ids=("model",))},
        "/v1/chat/completions": {"post": _call("chat", "Ask as a chat", chat, body=CHAT)},
        "/v1/responses": {"post": _call("respond", "Ask as a response", respond, body=RESPOND)},
        "/v1/responses/{response}": {
            "get": _call("get_response", "A response", _told(200, "It.", response), ids=("response",)),
            "delete": _call(
                "delete_response", "Give it out no more", _told(200, "Done.", _ref("Deleted")), ids=("response",)
            ),
        },
        "/v1/responses/{response}/cancel": {
            "post": _call("cancel_response", "Stop it", _told(200, "It.", response), ids=("response",))
        },
        "/v1/runs": {"post": _call("start_run", "Start a long run", run_now, body=START)},
        "/v1/runs/{run}": {"get": _call("get_run", "A run as it stands", _told(200, "It.", run), **one)},
        "/v1/runs/{run}/events": {"get": _call("follow_run", "What happens in it", events, **one)},
        "/v1/runs/{run}/answer": {
            "post": _call("answer_run", "Answer it", run_now, body=ANSWER, also=again, **one)
        },
        "/v1/runs/{run}/cancel": {"post": _call("cancel_run", "Stop it", stopped, **one)},
        "/v1/runs/{run}/resume": {"post": _call("resume_run", "Go on after a restart", run_now, **one)},
        "/v1/runs/{run}/files/{file}": {"get": _call("get_file", "A file it made", file, ids=("run", "file"))},
    }


def document() -> Json:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flowloom", "version": "1", "description": "Published GPTs, for programs with a key."},
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


async def get_document(request: Request) -> Response:
    """For whoever asks: it says nothing of what is published."""
    return JSONResponse(document())
