"""Search the web, by a provider of one's choice."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.web import WebFindings

PROVIDER_LABELS: JsonDict = {
    "wikipedia": "Wikipedia (no key needed)",
    "searxng": "SearXNG (your own server)",
    "tavily": "Tavily (needs a key)",
    "brave": "Brave (needs a key)",
    "openai": "OpenAI (uses your OpenAI key)",
}
HOSTS = {
    "wikipedia": ["wikipedia.org"],
    "searxng": [],
    "tavily": ["api.tavily.com"],
    "brave": ["api.search.brave.com"],
    "openai": ["api.openai.com"],
}
LONGEST = 400


class Config(BaseModel):
    provider: Literal["wikipedia", "searxng", "tavily", "brave", "openai"] = Field(
        default="wikipedia",
        title="Search with",
        description=(
            "Wikipedia only searches its own articles. The others search the whole web and are set up in Settings."
        ),
        json_schema_extra={"labels": PROVIDER_LABELS},
    )
    count: int = Field(default=5, title="Results", description="Maximum number of results to pass on.", ge=1, le=20)
    model: str = Field(
        default="gpt-5-mini",
        title="Model for OpenAI",
        description="Only for OpenAI: the model that searches and answers.",
        min_length=1,
        max_length=100,
    )


class Inputs(BaseModel):
    query: str = Field(title="Search for", description="A few words to search for.")


class Outputs(BaseModel):
    text: str = Field(title="Results as text")
    results: list[dict[str, Any]] = Field(title="Results")


TEXTS = {
    "zh": {
        "Search the web": "搜索网络",
        "Searches the web and returns results as text with addresses and as a list.": (
            "搜索网络，并以带网址的文本和列表传出结果。"
        ),
        "Search with": "搜索服务",
        "Wikipedia only searches its own articles. The others search the whole web and are set up in Settings.": (
            "Wikipedia 只搜索自己的条目。其他服务搜索整个网络，需在设置中配置。"
        ),
        "Wikipedia (no key needed)": "仅 Wikipedia，无需密钥",
        "SearXNG (your own server)": "SearXNG，你自己的服务器",
        "Tavily (needs a key)": "Tavily，需要密钥",
        "Brave (needs a key)": "Brave，需要密钥",
        "OpenAI (uses your OpenAI key)": "OpenAI，用其模型的密钥",
        "Results": "结果",
        "Maximum number of results to pass on.": "最多传出多少条结果。",
        "Model for OpenAI": "OpenAI 所用模型",
        "Only for OpenAI: the model that searches and answers.": "仅用于 OpenAI：负责搜索和回答的模型。",
        "Search for": "搜索内容",
        "A few words to search for.": "要搜索的几个词。",
        "Results as text": "结果文本",
        "The search text is missing.": "缺少搜索内容。",
        "The incoming text is empty. Check the block before this one.": "传来的文本是空的。请检查前一个模块。",
    },
    "fr": {
        "Search the web": "Chercher sur le web",
        "Searches the web and returns results as text with addresses and as a list.": (
            "Cherche sur le web et transmet ce qui est trouvé, en texte avec adresses et en liste."
        ),
        "Search with": "Chercher avec",
        "Wikipedia only searches its own articles. The others search the whole web and are set up in Settings.": (
            "Wikipédia ne cherche que dans ses articles. Les autres cherchent sur tout le web et se règlent "
            "dans les réglages."
        ),
        "Wikipedia (no key needed)": "Wikipédia seulement, sans clé",
        "SearXNG (your own server)": "SearXNG, un serveur à vous",
        "Tavily (needs a key)": "Tavily, avec une clé",
        "Brave (needs a key)": "Brave, avec une clé",
        "OpenAI (uses your OpenAI key)": "OpenAI, avec la clé de ses modèles",
        "Results": "Résultats",
        "Maximum number of results to pass on.": "Combien de résultats transmettre au plus.",
        "Model for OpenAI": "Modèle pour OpenAI",
        "Only for OpenAI: the model that searches and answers.": (
            "Pour OpenAI seulement : le modèle qui cherche et répond."
        ),
        "Search for": "À chercher",
        "A few words to search for.": "Quelques mots à chercher.",
        "Results as text": "Résultats en texte",
        "The search text is missing.": "Le texte à chercher manque.",
        "The incoming text is empty. Check the block before this one.": (
            "Le texte reçu est vide. Vérifiez le bloc précédent."
        ),
    },
}


def calls(config: Config, tools: int) -> Iterable[ModelCalls]:
    return [ModelCalls(f"openai/{config.model}", 1, 1)] if config.provider == "openai" else []


@node_kind(
    id="web.search",
    label="Search the web",
    icon="travel_explore",
    group="tools",
    can_be_tool=True,
    effects=frozenset({"sends", "spends money"}),
    calls=calls,
    hosts=lambda config: HOSTS[config.provider],
    summarise=lambda config: str(PROVIDER_LABELS[config.provider]),
    tune="provider",
    texts=TEXTS,
)
async def search_web(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Searches the web and returns results as text with addresses and as a list."""
    query = " ".join(inputs.query.split())[:LONGEST]
    if not query:
        raise NodeError(
            "The search text is missing.",
            "The incoming text is empty. Check the block before this one.",
            code="search.empty",
        )
    found = await ctx.web.search(query, config.provider, config.count, ctx.language, config.model)
    if found.usage:
        ctx.spend(found.usage)
    return Outputs(text=told(found), results=[result.model_dump() for result in found.results])


def told(found: WebFindings) -> str:
    """The answer, where there is one, and the results with their numbers."""
    results = [
        f"[{number}] {result.title}\n{result.url}\n{result.text}".rstrip()
        for number, result in enumerate(found.results, 1)
    ]
    return "\n\n".join(part for part in (found.answer.strip(), *results) if part)
