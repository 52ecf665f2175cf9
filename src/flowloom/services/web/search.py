"""How each provider of web searches is asked, and how its answer is read."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode

from flowloom.kinds.http import HttpRequest
from flowloom.kinds.values import Usage
from flowloom.kinds.web import WebFindings, WebResult

ADDRESSES = {
    "wikipedia": "https://{language}.wikipedia.org",
    "tavily": "https://api.tavily.com",
    "brave": "https://api.search.brave.com",
    "openai": "https://api.openai.com",
}
NAMES = {
    "wikipedia": "Wikipedia",
    "searxng": "SearXNG",
    "tavily": "Tavily",
    "brave": "Brave",
    "openai": "OpenAI",
}
SECONDS = {"openai": 90.0}
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Wish:
    """One search: `at` is the provider's address, `key` that of the person."""

    query: str
    count: int
    at: str
    key: str = ""
    model: str = ""


def request_of(provider: str, wish: Wish) -> HttpRequest:
    return _REQUESTS[provider](wish).model_copy(update={"timeout": SECONDS.get(provider, 30.0)})


def findings_of(provider: str, wish: Wish, text: str) -> WebFindings:
    """What an answer says. Raises ValueError where it is none of this provider."""
    try:
        found = _READERS[provider](json.loads(text), wish)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("shape") from error
    return found.model_copy(update={"results": found.results[: wish.count]})


def _wikipedia(wish: Wish) -> HttpRequest:
    wanted = {
        "action": "query",
        "list": "search",
        "format": "json",
        "utf8": "1",
        "srsearch": wish.query,
        "srlimit": wish.count,
    }
    # Wikipedia asks programs to say who they are.
    headers = {"user-agent": "Flowloom (run by a person on their own computer)", "accept": "application/json"}
    return HttpRequest(url=f"{wish.at}/w/api.php?{urlencode(wanted)}", headers=headers)


def _searxng(wish: Wish) -> HttpRequest:
    wanted = urlencode({"q": wish.query, "format": "json"})
    return HttpRequest(url=f"{wish.at.rstrip('/')}/search?{wanted}", headers={"accept": "application/json"})


def _tavily(wish: Wish) -> HttpRequest:
    return _post(f"{wish.at}/search", wish.key, {"query": wish.query, "max_results": wish.count})


def _brave(wish: Wish) -> HttpRequest:
    wanted = urlencode({"q": wish.query, "count": wish.count})
    headers = {"x-subscription-token": wish.key, "accept": "application/json"}
    return HttpRequest(url=f"{wish.at}/res/v1/web/search?{wanted}", headers=headers)


def _openai(wish: Wish) -> HttpRequest:
    body = {"model": wish.model, "input": wish.query, "tools": [{"type": "web_search"}]}
    return _post(f"{wish.at}/v1/responses", wish.key, body)


def _post(url: str, key: str, body: Mapping[str, Any]) -> HttpRequest:
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    return HttpRequest(method="POST", url=url, headers=headers, body=json.dumps(body, ensure_ascii=False))


_REQUESTS: Mapping[str, Callable[[Wish], HttpRequest]] = {
    "wikipedia": _wikipedia,
    "searxng": _searxng,
    "tavily": _tavily,
    "brave": _brave,
    "openai": _openai,
}


def _from_wikipedia(data: Any, wish: Wish) -> WebFindings:
    rows = data["query"]["search"]
    address = f"{wish.at}/wiki/"
    return _found(
        {**row, "url": address + quote(str(row["title"]).replace(" ", "_")), "text": row.get("snippet")}
        for row in rows
    )


def _from_openai(data: Any, wish: Wish) -> WebFindings:
    parts = [part for item in data["output"] if item.get("type") == "message" for part in item["content"]]
    answer = "\n".join(str(part.get("text") or "") for part in parts)
    notes = [note for part in parts for note in part.get("annotations") or () if note.get("type") == "url_citation"]
    cited = {note["url"]: {**note, "text": ""} for note in notes}
    used = data.get("usage") or {}
    usage = Usage(model=wish.model, input_tokens=used.get("input_tokens"), output_tokens=used.get("output_tokens"))
    return _found(cited.values()).model_copy(update={"answer": answer, "usage": usage})


_READERS: Mapping[str, Callable[[Any, Wish], WebFindings]] = {
    "wikipedia": _from_wikipedia,
    "searxng": lambda data, wish: _found(_named(data["results"], "content")),
    "tavily": lambda data, wish: _found(_named(data["results"], "content")),
    # Brave leaves `web` out where it found nothing.
    "brave": lambda data, wish: _found(_named((data.get("web") or {}).get("results", []), "description")),
    "openai": _from_openai,
}


def _named(rows: Iterable[Mapping[str, Any]], text: str) -> Iterable[Mapping[str, Any]]:
    return ({**row, "text": row.get(text)} for row in rows)


def _found(rows: Iterable[Mapping[str, Any]]) -> WebFindings:
    return WebFindings(
        results=tuple(
            WebResult(
                title=_plain(row.get("title"), 300), url=str(row["url"])[:2_000], text=_plain(row.get("text"))
            )
            for row in rows
            if str(row.get("url", "")).startswith(("http://", "https://"))
        )
    )


def _plain(text: Any, longest: int = LONGEST) -> str:
    """Words without the tags that mark what was searched for."""
    return " ".join(unescape(re.sub(r"<[^<>]{0,200}>", "", str(text or ""))).split())[:longest]
