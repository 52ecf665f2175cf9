"""Ask another computer over the network."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.kinds.kind import Mark, OpenPorts, node_kind
from flowloom.kinds.port import Port
from flowloom.nodes.data.json_values import read_json
from flowloom.nodes.readable import first_words
from flowloom.nodes.templates import text_ports
from flowloom.nodes.tools.requests import (
    CONTENT_TYPES,
    BodyFormat,
    check_header,
    check_url,
    fill_body,
    fill_header,
    fill_url,
    host_in,
)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
BODY_LABELS: JsonDict = {"json": "structured data (JSON)", "text": "plain text", "form": "form fields"}
WITHOUT_BODY = ("GET", "HEAD")


class Header(BaseModel):
    """One header of the request."""

    name: str = Field(
        default="",
        title="Name",
        description="Header name.",
        max_length=200,
        json_schema_extra={"example": "Accept-Language"},
    )
    value: str = Field(
        default="",
        title="Value",
        description="Its value. {{name}} in double braces becomes an input.",
        max_length=10_000,
        json_schema_extra={"widget": "prompt_line", "example": "fr"},
    )


class Config(BaseModel):
    method: Method = Field(
        default="GET",
        title="Method",
        description="GET reads something, POST sends something. See the service’s documentation.",
    )
    url: str = Field(
        default="",
        title="Address",
        description="Web address. {{name}} in double braces becomes an input, except in the host name.",
        max_length=8_000,
        json_schema_extra={"widget": "prompt_line", "example": "https://api.example.com/weather?city={{city}}"},
    )
    headers: list[Header] = Field(
        default_factory=list,
        title="Headers",
        description="Extra headers that some services need. Don’t put keys or passwords here.",
        max_length=50,
    )
    body: str = Field(
        default="",
        title="Body",
        description="Content to send. {{name}} in double braces becomes an input.",
        max_length=200_000,
        json_schema_extra={"widget": "prompt", "example": '{"question": "{{message}}"}'},
    )
    body_format: BodyFormat = Field(
        default="json",
        title="Body format",
        description="Format of the body, so that values are inserted safely.",
        json_schema_extra={"labels": BODY_LABELS},
    )
    timeout: float = Field(
        default=30, title="Timeout in seconds", description="How long to wait for an answer.", ge=1, le=300
    )
    fail_on_error: bool = Field(
        default=True,
        title="Stop on an error",
        description="If on, an answer such as “404 not found” is an error. If off, it is passed on.",
    )


Inputs = OpenPorts


class Outputs(BaseModel):
    text: str = Field(title="Text")
    data: Any = Field(default=None, title="Data")
    status: int = Field(title="Status")


def value_ports(config: Config) -> Sequence[Port]:
    body = "" if config.method in WITHOUT_BODY else config.body
    return text_ports(config.url, *(header.value for header in config.headers), body)


def check(config: Config) -> Iterable[Problem]:
    yield from check_url(config.url)
    for header in config.headers:
        yield from check_header(header.name)
    if config.body.strip() and config.method in WITHOUT_BODY:
        yield Problem.of(
            "http.body_unused",
            "A {method} request has no body.",
            "Choose POST, or clear the body.",
            method=config.method,
        ).as_warning()


TEXTS = {
    "zh": {
        "HTTP request": "HTTP 请求",
        "Calls a service on the internet and returns its answer.": "向互联网上的服务发出请求，并传出它的回应。",
        "Name": "名称",
        "Header name.": "请求头的名称。",
        "Accept-Language": "Accept-Language",
        "Value": "值",
        "Its value. {{name}} in double braces becomes an input.": (
            "它的内容。双花括号里的 {{name}} 会成为一个输入。"
        ),
        "fr": "zh",
        "Method": "方法",
        "GET reads something, POST sends something. See the service’s documentation.": (
            "GET 用来读取，POST 用来发送；请查看该服务的说明。"
        ),
        "Address": "网址",
        "Web address. {{name}} in double braces becomes an input, except in the host name.": (
            "网址。双花括号里的 {{name}} 会成为一个输入，但不能放在主机名里。"
        ),
        "https://api.example.com/weather?city={{city}}": "https://api.example.com/weather?city={{城市}}",
        "Headers": "请求头",
        "Extra headers that some services need. Don’t put keys or passwords here.": (
            "某些服务要求的附加行。密钥和密码不要写在这里。"
        ),
        "Body": "正文",
        "Content to send. {{name}} in double braces becomes an input.": (
            "随请求发送的内容。双花括号里的 {{name}} 会成为一个输入。"
        ),
        '{"question": "{{message}}"}': '{"question": "{{消息}}"}',
        "Body format": "正文格式",
        "Format of the body, so that values are inserted safely.": "正文的写法，以便安全地填入各个值。",
        "structured data (JSON)": "结构化数据（JSON）",
        "plain text": "纯文本",
        "form fields": "表单字段",
        "Timeout in seconds": "超时（秒）",
        "How long to wait for an answer.": "等待回应的时间。",
        "Stop on an error": "出错时停止",
        "If on, an answer such as “404 not found” is an error. If off, it is passed on.": (
            "开启：像“404 未找到”这样的回应算作失败。关闭：照样传出。"
        ),
        "Text": "文本",
        "Data": "数据",
        "Status": "状态码",
        "A {method} request has no body.": "{method} 请求不发送正文。",
        "Choose POST, or clear the body.": "请选择 POST，或清空正文。",
        "The service returned error {status}.": "服务返回了错误 {status}。",
        "It said: {answer}": "它的回应：{answer}",
    },
    "fr": {
        "HTTP request": "Requête HTTP",
        "Calls a service on the internet and returns its answer.": (
            "Interroge un service sur internet et transmet sa réponse."
        ),
        "Name": "Nom",
        "Header name.": "Le nom de l’en-tête.",
        "Accept-Language": "Accept-Language",
        "Value": "Valeur",
        "Its value. {{name}} in double braces becomes an input.": (
            "Son contenu. {{name}} entre doubles accolades devient une entrée."
        ),
        "fr": "fr",
        "Method": "Méthode",
        "GET reads something, POST sends something. See the service’s documentation.": (
            "GET lit quelque chose, POST envoie quelque chose ; voyez la documentation du service."
        ),
        "Address": "Adresse",
        "Web address. {{name}} in double braces becomes an input, except in the host name.": (
            "L’adresse web. {{name}} entre doubles accolades devient une entrée, sauf dans le nom du serveur."
        ),
        "https://api.example.com/weather?city={{city}}": "https://api.example.com/meteo?ville={{ville}}",
        "Headers": "En-têtes",
        "Extra headers that some services need. Don’t put keys or passwords here.": (
            "Des lignes que certains services demandent. Les clés et mots de passe n’ont pas leur place ici."
        ),
        "Body": "Corps",
        "Content to send. {{name}} in double braces becomes an input.": (
            "Ce qu’il faut envoyer avec. {{name}} entre doubles accolades devient une entrée."
        ),
        '{"question": "{{message}}"}': '{"question": "{{message}}"}',
        "Body format": "Format du corps",
        "Format of the body, so that values are inserted safely.": (
            "Comment le corps est écrit, pour y placer les valeurs sans risque."
        ),
        "structured data (JSON)": "données structurées (JSON)",
        "plain text": "texte brut",
        "form fields": "champs de formulaire",
        "Timeout in seconds": "Délai maximal en secondes",
        "How long to wait for an answer.": "Combien de temps attendre la réponse.",
        "Stop on an error": "S’arrêter en cas d’erreur",
        "If on, an answer such as “404 not found” is an error. If off, it is passed on.": (
            "Activé : une réponse comme « 404 introuvable » compte comme un échec. Désactivé : elle est transmise."
        ),
        "Text": "Texte",
        "Data": "Données",
        "Status": "Code de statut",
        "A {method} request has no body.": "Une requête {method} n’envoie pas de corps.",
        "Choose POST, or clear the body.": "Choisissez POST, ou videz le corps.",
        "The service returned error {status}.": "Le service a répondu par l’erreur {status}.",
        "It said: {answer}": "Il a dit : {answer}",
    },
}


def preview(config: Config, values: Mapping[str, Any], mark: Mark) -> str:
    """The request without its headers: those of others may carry what nobody should read."""
    request = make_request(config.model_copy(update={"headers": []}), values)
    return "\n\n".join(part for part in (f"{request.method} {request.url}", request.body) if part)


@node_kind(
    id="http.request",
    label="HTTP request",
    icon="public",
    group="tools",
    can_be_tool=True,
    safe_to_repeat=False,
    effects=frozenset({"sends"}),
    hosts=lambda config: host_in(config.url),
    summarise=lambda config: first_words(f"{config.method} {config.url}") if config.url else "",
    check=check,
    preview=preview,
    tune="url",
    dynamic_inputs=value_ports,
    texts=TEXTS,
)
async def http_request(config: Config, inputs: OpenPorts, ctx: NodeContext) -> Outputs:
    """Calls a service on the internet and returns its answer."""
    reply = await ctx.http.request(make_request(config, inputs.model_extra or {}))
    if reply.status >= 400 and config.fail_on_error:
        raise NodeError(
            "The service returned error {status}.",
            "It said: {answer}",
            code="http.status",
            status=reply.status,
            answer=first_words(reply.text, 300),
        )
    return outputs_of(reply)


def make_request(config: Config, values: Mapping[str, Any]) -> HttpRequest:
    sends = config.method not in WITHOUT_BODY and bool(config.body.strip())
    headers = {header.name.strip(): fill_header(header.name, header.value, values) for header in config.headers}
    if sends and "content-type" not in map(str.lower, headers):
        headers["Content-Type"] = CONTENT_TYPES[config.body_format]
    return HttpRequest(
        method=config.method,
        url=fill_url(config.url, values),
        headers=headers,
        body=fill_body(config.body, config.body_format, values) if sends else "",
        timeout=config.timeout,
    )


def outputs_of(reply: HttpReply) -> Outputs:
    """The answer; `data` only fires where the text is JSON."""
    try:
        return Outputs(text=reply.text, status=reply.status, data=read_json(reply.text))
    except ValueError:
        return Outputs(text=reply.text, status=reply.status)
