"""Nodes that ask a web service, run code, sort texts or search documents."""

import re
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.json_shapes import rows_of
from flowloom.exchange.importers.model_names import model_name
from flowloom.exchange.importers.n8n.asking import fields_in, model_settings, said
from flowloom.exchange.importers.n8n.expressions import REFERENCE
from flowloom.exchange.importers.n8n.lists import Items
from flowloom.exchange.importers.n8n.workflow import N8nNode
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Known, Port, Record, Unread
from flowloom.flow.sorts import mappings
from flowloom.locales import Verbatim
from flowloom.nodes.models.answer_fields import AnswerField, field_ports
from flowloom.nodes.port_names import named_ports

if TYPE_CHECKING:
    from flowloom.exchange.importers.n8n.walk import Out, Walk

KEYS = frozenset({"authorization", "x-api-key", "api-key", "apikey", "x-auth-token", "token", "cookie"})
LEFT_OUT = KEYS | {"connection", "host", "content-length", "accept-encoding", "transfer-encoding"}
"""Headers that carry keys, or that the app sets by itself."""
VECTOR_STORES = tuple(
    f"vectorstore{name}"
    for name in (
        "inmemory",
        "pinecone",
        "qdrant",
        "supabase",
        "pgvector",
        "milvus",
        "mongodbatlas",
        "weaviate",
        "zep",
        "redis",
    )
)
"""Vector stores of n8n, by their types."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_MANY = (".map(", ".push(", ".filter(", ".append(", " for ")


def http_request(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    settings, template = node.settings, Template()

    def filled(value: Any) -> str:
        written = walk.sketch.message_row("user", walk.reader.value(value, way), template, (), way)
        return written["text"]

    method = str(settings.get("method") or settings.get("requestMethod") or "GET").upper()
    url = filled(settings.get("url") or "")
    pairs = _pairs(settings.get("queryParameters")) if settings.get("sendQuery", True) else []
    query = "&".join(f"{name}={filled(value)}" for name, value in pairs)
    config: dict[str, Any] = {"method": method if method in METHODS else "GET"}
    config["url"] = url + ("&" if "?" in url else "?") * bool(query) + query
    headers = _pairs(settings.get("headerParameters")) if settings.get("sendHeaders", True) else []
    config["headers"] = [
        {"name": name, "value": filled(value)} for name, value in headers if name.strip().lower() not in LEFT_OUT
    ]
    if any(name.strip().lower() in KEYS for name, _ in headers):
        walk.drawing.do(
            "“{name}” sent a key, which was left out.",
            "Add an account under Settings → Accounts, and use an Action block in its place.",
            name=Verbatim(node.name),
        )
    config |= _body(settings, filled)
    id = walk.sketch.place(way, "http.request", node.name, config, template.inputs, acts=True, key=node.name)
    way.after = (f"{id}.status",)
    walk.tell(node, id, _a_list())
    return {0: (Port(f"{id}.data"), way)}


def _pairs(given: Any) -> list[tuple[str, Any]]:
    listed = given.get("parameters") if isinstance(given, dict) else None
    return (
        [(str(each.get("name")), each.get("value") or "") for each in listed if isinstance(each, dict)]
        if isinstance(listed, list)
        else []
    )


def _body(settings: dict[str, Any], filled: Any) -> dict[str, Any]:
    if not settings.get("sendBody") or str(settings.get("method") or "GET").upper() in ("GET", "HEAD"):
        return {}
    if settings.get("specifyBody") == "json" or settings.get("jsonBody"):
        return {"body": filled(settings.get("jsonBody") or ""), "body_format": "json"}
    if settings.get("contentType") == "raw":
        return {"body": filled(settings.get("body") or ""), "body_format": "text"}
    pairs = _pairs(settings.get("bodyParameters"))
    if settings.get("contentType") == "form-urlencoded":
        return {"body": "&".join(f"{name}={filled(value)}" for name, value in pairs), "body_format": "form"}
    return {
        "body": "{" + ", ".join(f'"{name}": "{filled(value)}"' for name, value in pairs) + "}",
        "body_format": "json",
    }


def code(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    """A Code node: its script with what it calls `$input` and `$json` around it."""
    settings, template = node.settings, Template()
    python = str(settings.get("language") or "").startswith("python")
    script = str(settings.get("pythonCode" if python else "jsCode") or "")
    given = walk.current
    if isinstance(given, Items):
        raise Unread
    many = any(sign in script for sign in _MANY) and not script.startswith("throw ")
    if python:
        value = _python(walk, given, way, template)
        body = "\n".join(f"    {line}" for line in script.splitlines()) or "    return []"
        text = f"def run(_items, _item, _json, items, item):\n{body}\n"
        text += f"given = {{'json': {value}}}\nfound = run([given], given, given['json'], [given], given)\n"
        listed = "[each.get('json', each) for each in (found if isinstance(found, list) else [found])]"
        config = {"code": f"{text}{listed}" + ("" if many else "[0]")}
    else:
        value = walk.reader.written(given, way, template)
        inner = REFERENCE.sub(lambda found: _outer(walk, found, way, template), script)
        text = f"const $json = {value};\nconst items = [{{ json: $json }}], item = items[0];\n"
        text += "const $input = { all: () => items, first: () => item, last: () => item, item };\n"
        text += f"const found = (() => {{\n{inner}\n}})();\n"
        text += "const listed = (Array.isArray(found) ? found : [found]).map(each => each?.json ?? each);\n"
        config = {"code": text + ("listed" if many else "listed[0]"), "engine": "javascript"}
    id = walk.sketch.place(way, "code.run", node.name, config, template.inputs, acts=True, key=node.name)
    way.after = (f"{id}.code",)
    walk.tell(node, id, _one_item())
    return {0: (Items(f"{id}.result") if many else Port(f"{id}.result"), way)}


def _outer(walk: "Walk", found: "re.Match[str]", way: Way, template: Template) -> str:
    """A reference to another node; what comes in has names of its own in the script."""
    if found[0].startswith(("$json", "$input")):
        return found[0]
    try:
        return walk.reader.written(walk.reader.reference(found, way), way, template)
    except Unread:
        walk.reader.unread.append(found[0])
        return found[0]


def _python(walk: "Walk", value: Any, way: Way, template: Template) -> str:
    if isinstance(value, Known):
        return repr(value.value)
    if isinstance(value, Record):
        return (
            "{"
            + ", ".join(f"{key!r}: {_python(walk, each, way, template)}" for key, each in value.fields.items())
            + "}"
        )
    return "{{" + template.name(walk.sketch.port_of(value, way), ("tables",)) + "}}"


def classify(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    """Text Classifier and Sentiment Analysis: a way for each category."""
    settings = node.settings
    inner = settings.get("categories")
    listed = inner.get("categories") if isinstance(inner, dict) else None
    rows = [
        {"name": str(each.get("category")), "description": str(each.get("description") or "")}
        for each in listed or ()
        if isinstance(each, dict) and each.get("category")
    ]
    if node.type == "sentimentanalysis":
        rows = [{"name": name, "description": ""} for name in ("Positive", "Neutral", "Negative")]
    if not rows:
        raise Unread
    text = walk.sketch.port_of(walk.reader.value(settings.get("inputText") or "", way), way)
    found = model_settings(walk, node)
    config = {"labels": rows, "model": found["model"]}
    id = walk.sketch.place(way, "classify", node.name, config, {"text": text}, acts=True, key=node.name)
    walk.tell(node, id, _own_words())
    ports = [port.id for port in named_ports([row["name"] for row in rows], taken=("none",))]
    if node.under("options").get("fallback") == "other":
        ports.append("none")
    return {number: (walk.current, way.branch_off(f"{id}.{port}")) for number, port in enumerate(ports)}


def extract(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    """Information Extractor: fields that a model reads out of a text."""
    settings = node.settings
    inner = settings.get("attributes")
    listed = inner.get("attributes") if isinstance(inner, dict) else None
    shapes = {
        str(each.get("name")): {"type": each.get("type") or "string", "description": each.get("description") or ""}
        for each in listed or ()
        if isinstance(each, dict)
    }
    needed = [str(each.get("name")) for each in listed or () if isinstance(each, dict) and each.get("required")]
    rows = rows_of({"properties": shapes, "required": needed}) or fields_in(settings)
    if not rows:
        raise Unread
    text = walk.sketch.port_of(walk.reader.value(settings.get("text") or "", way), way)
    options = node.under("options")
    said = str(
        options.get("systemPromptTemplate") or "Extract the fields from the text. Leave out what it does not say."
    )
    config = {**model_settings(walk, node), "fields": rows, "instructions": said}
    id = walk.sketch.place(way, "model", node.name, config, {"prompt": text}, acts=True, key=node.name)
    way.after = (f"{id}.answer",)
    walk.tell(node, id, _own_words())
    ports = field_ports([AnswerField(**row) for row in rows], ("answer",))
    named = {row["name"]: Port(f"{id}.{port.id}", row["type"]) for row, port in zip(rows, ports, strict=True)}
    return {0: (Record({"output": Record(named)}), way)}


def summarise(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    text = walk.sketch.port_of(walk.current, way)
    found = model_settings(walk, node)
    id = walk.sketch.place(
        way, "summarise", node.name, {"model": found["model"]}, {"text": text}, acts=True, key=node.name
    )
    way.after = (f"{id}.summary",)
    walk.tell(node, id, _own_words())
    return {0: (Record({"output": Record({"text": Port(f"{id}.summary")})}), way)}


def retrieve(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    """Question and Answer Chain: a search, and a model that reads what was found."""
    written = node.settings.get("text") or node.settings.get("query")
    question = walk.reader.value(written, way) if written else walk.reader.part(walk.current, "chatInput", way)
    port = walk.sketch.port_of(question, way)
    search = walk.sketch.place(way, "knowledge.search", "Search", {}, {"question": port}, key=f"search {node.name}")
    for each in walk.workflow.serving(node.name, "ai_retriever"):
        walk.serves(each, False)
    walk.documents(node)
    config = model_settings(walk, node)
    inputs = {"prompt": port, "passages": f"{search}.passages"}
    id = walk.sketch.place(way, "model", node.name, config, inputs, acts=True, key=node.name)
    way.after = (f"{id}.answer",)
    walk.tell(node, id, _own_words())
    return {0: (Record({"response": Port(f"{id}.answer")}), way)}


def search(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    """A vector store that is asked for documents: a search in our own. Raises Unread for what else it does."""
    settings = node.settings
    if settings.get("mode", "load") != "load":
        raise Unread
    port = walk.sketch.port_of(walk.reader.value(settings.get("prompt") or "", way), way)
    most = settings.get("topK", 4)
    config = {"top_k": min(max(most, 1), 50)} if isinstance(most, int) else {}
    id = walk.sketch.place(way, "knowledge.search", node.name, config, {"question": port}, acts=True, key=node.name)
    way.after = (f"{id}.passages",)
    for role in ("ai_embedding", "ai_reranker"):
        for each in walk.workflow.serving(node.name, role):
            walk.serves(each, False)
    walk.documents(node)
    walk.tell(node, id, _own_search())
    code = (
        "{{passages}}.map(each => "
        "({ document: { pageContent: each.text, metadata: { source: each.place ?? each.file } } }))"
    )
    listed = walk.sketch.place(
        way,
        "code.run",
        "",
        {"code": code, "engine": "javascript"},
        {"passages": f"{id}.passages"},
        key=f"{node.name} items",
    )
    return {0: (Items(f"{listed}.result"), way)}


def message_model(walk: "Walk", node: N8nNode, way: Way, came: Any) -> "Out":
    """The OpenAI node: a message to a model, or a picture. Raises Unread for what else it does."""
    settings = node.settings
    resource = settings.get("resource", "text")
    if resource == "image" and settings.get("operation", "generate") == "generate":
        prompt = walk.sketch.port_of(walk.reader.value(settings.get("prompt") or "", way), way)
        id = walk.sketch.place(way, "picture.make", node.name, {}, {"prompt": prompt}, acts=True, key=node.name)
        way.after = (f"{id}.picture",)
        walk.tell(node, id)
        return {0: (Port(f"{id}.picture"), way)}
    if resource not in ("text", "chat") or settings.get("operation", "message") not in (
        "message",
        "complete",
        "response",
    ):
        raise Unread
    rows = _messages(walk, node, way)
    named = settings.get("modelId") or settings.get("model") or settings.get("chatModel") or ""
    named = named.get("value") if isinstance(named, dict) else named
    temperature = node.under("options").get("temperature")
    config: dict[str, Any] = {"model": model_name("openai", str(named or ""))}
    if isinstance(temperature, int | float) and 0 <= temperature <= 2:
        config["temperature"] = temperature
    inputs = said(walk, config, rows, "prompt", way)
    id = walk.sketch.place(way, "model", node.name, config, inputs, acts=True, key=node.name)
    way.after = (f"{id}.answer",)
    walk.tell(node, id)
    answer = Port(f"{id}.answer", "any part" if settings.get("jsonOutput") else "")
    if settings.get("jsonOutput"):
        answer = Port(f"{id}.answer")
    return {0: (Record({"message": Record({"role": Known("assistant"), "content": answer})}), way)}


def _messages(walk: "Walk", node: N8nNode, way: Way) -> list[tuple[str, Any]]:
    listed = [row for name in ("messages", "responses", "prompt") for row in _rows(node.under(name))]
    rows = [
        (
            str(row.get("role") or "user").replace("developer", "system"),
            walk.reader.value(row.get("content") or "", way),
        )
        for row in listed
    ]
    rows = [(role if role in ("system", "user", "assistant") else "user", text) for role, text in rows]
    if not rows:
        raise Unread
    return rows


def _rows(given: dict[str, Any]) -> list[dict[str, Any]]:
    return mappings(given.get("values") or given.get("messages"))


def _own_search() -> Problem:
    return Problem.of(
        "import.differs",
        "Documents are searched by meaning and words together here.",
        "You notice where another passage comes first.",
    )


def _own_words() -> Problem:
    return Problem.of(
        "import.differs",
        "The model is asked in other words than n8n’s.",
        "You notice when a model decides in another way: adjust the instructions in the block.",
    )


def _one_item() -> Problem:
    return Problem.of(
        "import.differs",
        "What the code gives is seen as one item, unless it makes a list item by item.",
        "You notice when nodes behind it should run several times.",
    )


def _a_list() -> Problem:
    return Problem.of(
        "import.differs",
        "In n8n an answer that is a list becomes several items; here it stays one list.",
        "You notice when nodes behind it should run once for each entry.",
    )
