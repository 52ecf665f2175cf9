"""The parts of a request, with values put in so that they stay values: never a host, header or field more."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal
from urllib.parse import quote, quote_plus, unquote, urlsplit

from flowloom.errors import NodeError, Problem
from flowloom.locales import add_texts
from flowloom.nodes.readable import readable
from flowloom.nodes.templates import Placeholder, fill, find_placeholders

BodyFormat = Literal["json", "text", "form"]
CONTENT_TYPES: Mapping[BodyFormat, str] = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "form": "application/x-www-form-urlencoded",
}

_START = re.compile(r"https?://([^/?#\\]*)", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
SECRET_HEADERS = frozenset(
    "authorization proxy-authorization cookie x-api-key api-key apikey x-auth-token x-access-token".split()
)
OURS = frozenset("host content-length transfer-encoding connection upgrade te trailer".split())

add_texts(
    {
        "zh": {
            "This address is not complete.": "网址不完整。",
            "It should start with https:// and a host, such as https://example.com.": (
                "应以 https:// 和主机名开头，例如 https://example.com。"
            ),
            "The host’s name may not come from an input.": "主机名不能来自输入。",
            "Write the host out, so that everyone can see where data goes.": (
                "请把主机名完整写出，让每个人都能看到数据发往哪里。"
            ),
            "This address holds a user name or a password.": "网址里含有用户名或密码。",
            "Take it out; whoever gets this flow could read it.": "请删除它；拿到这个流程的人都能看到。",
            "“{name}” is no name for a header.": "“{name}”不能作为请求头的名称。",
            "Use letters and dashes only, such as Accept-Language.": (
                "只能使用英文字母和连字符，例如 Accept-Language。"
            ),
            "The header “{name}” carries a key, which does not belong in a flow.": (
                "请求头“{name}”带有密钥，不应写在流程里。"
            ),
            "Remove it; whoever gets this flow could read the key.": "请删除它；拿到这个流程的人都能看到密钥。",
            "The header “{name}” is set by the app itself.": "请求头“{name}”由程序自己设置。",
            "Remove it.": "请删除它。",
            "A value does not fit into the header “{name}”.": "有一个值不能放进请求头“{name}”。",
            "It may hold plain letters only, on one line.": "只能是一行普通的英文字符。",
            "A value would lead to another place of the address.": "有一个值会把网址引到别处。",
            "Values may not be “.” or “..” here.": "这里的值不能是“.”或“..”。",
            "With these values the body is no valid JSON.": "填入这些值后，正文不是有效的 JSON。",
            "Check its braces and quotes, or choose another body format.": (
                "请检查花括号和引号，或选择其他正文格式。"
            ),
        },
        "fr": {
            "This address is not complete.": "Cette adresse est incomplète.",
            "It should start with https:// and a host, such as https://example.com.": (
                "Elle doit commencer par https:// et un serveur, par exemple https://example.com."
            ),
            "The host’s name may not come from an input.": "Le nom du serveur ne peut pas venir d’une entrée.",
            "Write the host out, so that everyone can see where data goes.": (
                "Écrivez-le en entier, afin que chacun voie où vont les données."
            ),
            "This address holds a user name or a password.": (
                "Cette adresse contient un nom d’utilisateur ou un mot de passe."
            ),
            "Take it out; whoever gets this flow could read it.": (
                "Retirez-le : quiconque reçoit ce flux pourrait le lire."
            ),
            "“{name}” is no name for a header.": "« {name} » n’est pas un nom d’en-tête.",
            "Use letters and dashes only, such as Accept-Language.": (
                "N’utilisez que des lettres et des tirets, comme dans Accept-Language."
            ),
            "The header “{name}” carries a key, which does not belong in a flow.": (
                "L’en-tête « {name} » porte une clé, qui n’a pas sa place dans un flux."
            ),
            "Remove it; whoever gets this flow could read the key.": (
                "Supprimez-le : quiconque reçoit ce flux pourrait lire la clé."
            ),
            "The header “{name}” is set by the app itself.": (
                "L’en-tête « {name} » est défini par l’application elle-même."
            ),
            "Remove it.": "Supprimez-le.",
            "A value does not fit into the header “{name}”.": (
                "Une valeur ne convient pas à l’en-tête « {name} »."
            ),
            "It may hold plain letters only, on one line.": (
                "Il ne peut contenir que des lettres simples, sur une ligne."
            ),
            "A value would lead to another place of the address.": (
                "Une valeur mènerait à un autre endroit de l’adresse."
            ),
            "Values may not be “.” or “..” here.": "Ici, les valeurs ne peuvent pas être « . » ou « .. ».",
            "With these values the body is no valid JSON.": (
                "Avec ces valeurs, le corps n’est pas du JSON valide."
            ),
            "Check its braces and quotes, or choose another body format.": (
                "Vérifiez ses accolades et ses guillemets, ou choisissez un autre format de corps."
            ),
        },
    }
)


def host_in(url: str) -> list[str]:
    """The host an address leads to; none while it is not complete."""
    start = _START.match(url.strip())
    host = start[1].rpartition("@")[2].lower() if start else ""
    return [host] if host and "{{" not in host else []


def check_url(url: str) -> Iterable[Problem]:
    start = _START.match(url.strip())
    host = start[1] if start else ""
    if next(find_placeholders(host or url.strip()[:12]), None) or "{{" in host:
        yield Problem.of(
            "http.host",
            "The host’s name may not come from an input.",
            "Write the host out, so that everyone can see where data goes.",
        )
    elif not host or not host.isprintable() or " " in host:
        yield Problem.of(
            "http.address",
            "This address is not complete.",
            "It should start with https:// and a host, such as https://example.com.",
        )
    elif "@" in host:
        yield Problem.of(
            "http.password",
            "This address holds a user name or a password.",
            "Take it out; whoever gets this flow could read it.",
        )


def check_header(name: str) -> Iterable[Problem]:
    name = name.strip()
    if not _HEADER_NAME.fullmatch(name):
        yield Problem.of(
            "http.header",
            "“{name}” is no name for a header.",
            "Use letters and dashes only, such as Accept-Language.",
            name=name,
        )
    elif name.lower() in SECRET_HEADERS:
        yield Problem.of(
            "http.key",
            "The header “{name}” carries a key, which does not belong in a flow.",
            "Remove it; whoever gets this flow could read the key.",
            name=name,
        )
    elif name.lower() in OURS:
        yield Problem.of(
            "http.header_ours", "The header “{name}” is set by the app itself.", "Remove it.", name=name
        )


def refuse(problems: Iterable[Problem]) -> None:
    # The check before the run says the same; a run must not depend on anyone having looked.
    for problem in problems:
        raise NodeError.from_problem(problem)


def fill_url(url: str, values: Mapping[str, Any]) -> str:
    """The address with its values encoded. They can neither change the host nor climb out of their folder."""
    refuse(check_url(url))
    filled = fill(url.strip(), values, lambda place, value: quote(readable(value), safe=""))
    if dots(filled) > dots(fill(url.strip(), AnyName(), lambda place, value: "x")):
        raise NodeError(
            "A value would lead to another place of the address.",
            "Values may not be “.” or “..” here.",
            code="http.dots",
        )
    return filled


class AnyName(dict[str, Any]):
    """Has a value for every name."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return ""


def dots(url: str) -> int:
    """How many steps of the path are `.` or `..`, however encoded."""
    return sum(unquote(step) in (".", "..") for step in urlsplit(url).path.split("/"))


def fill_header(name: str, value: str, values: Mapping[str, Any]) -> str:
    refuse(check_header(name))
    filled = fill(value, values).strip()
    if not (filled.isascii() and (filled.isprintable() or not filled)):
        raise NodeError(
            "A value does not fit into the header “{name}”.",
            "It may hold plain letters only, on one line.",
            code="http.header_value",
            name=name,
        )
    return filled


def fill_body(body: str, format: BodyFormat, values: Mapping[str, Any]) -> str:
    """The body with its values written as its format wants them."""
    filled = fill(body, values, writer_for(body, format))
    if format == "json":
        try:
            json.loads(filled)
        except (ValueError, RecursionError) as error:
            raise NodeError(
                "With these values the body is no valid JSON.",
                "Check its braces and quotes, or choose another body format.",
                code="http.json",
            ) from error
    return filled


def writer_for(body: str, format: BodyFormat) -> Callable[[Placeholder, Any], str]:
    if format == "form":
        return lambda place, value: quote_plus(readable(value))
    if format == "text":
        return lambda place, value: readable(value)
    return lambda place, value: in_json(value, quoted=inside_quotes(body, place.start))


def in_json(value: Any, *, quoted: bool) -> str:
    """A value within the quotes of a JSON text, or bare as a JSON value of its own."""
    written = json.dumps(readable(value), ensure_ascii=False)
    return written[1:-1] if quoted else written


def inside_quotes(body: str, place: int) -> bool:
    return len(re.findall(r'(?<!\\)(?:\\\\)*"', body[:place])) % 2 == 1
