"""Read a page of the web."""

from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.consents import ANY_ADDRESS
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind


class Config(BaseModel):
    longest: int = Field(
        default=20_000,
        title="Maximum length",
        description="Maximum number of characters to pass on.",
        ge=500,
        le=200_000,
    )


class Inputs(BaseModel):
    address: str = Field(title="Address", description="Web address of the page, such as https://example.org/news.")


class Outputs(BaseModel):
    text: str = Field(title="Main text")
    title: str = Field(title="Title")
    links: list[dict[str, Any]] = Field(title="Links")
    address: str = Field(title="Final address")


TEXTS = {
    "zh": {
        "Read a page": "阅读网页",
        "Opens a web address and returns its main text, without menus and ads. PDF and plain text work too.": (
            "打开一个网址并传出正文，去掉菜单和广告。PDF 和纯文本也可以。"
        ),
        "Maximum length": "最大长度",
        "Maximum number of characters to pass on.": "最多传出多少个字符，其余截去。",
        "Address": "网址",
        "Web address of the page, such as https://example.org/news.": (
            "网页的地址，例如 https://example.org/news。"
        ),
        "Main text": "正文",
        "Title": "标题",
        "Links": "链接",
        "Final address": "最终网址",
        "any web address": "它收到的任何网址",
    },
    "fr": {
        "Read a page": "Lire une page",
        "Opens a web address and returns its main text, without menus and ads. PDF and plain text work too.": (
            "Ouvre une adresse web et transmet son texte principal, sans menus ni publicité. PDF et texte "
            "brut vont aussi."
        ),
        "Maximum length": "Longueur maximale",
        "Maximum number of characters to pass on.": (
            "Combien de caractères transmettre au plus ; le reste est coupé."
        ),
        "Address": "Adresse",
        "Web address of the page, such as https://example.org/news.": (
            "L’adresse de la page, par exemple https://example.org/news."
        ),
        "Main text": "Texte principal",
        "Title": "Titre",
        "Links": "Liens",
        "Final address": "Adresse finale",
        "any web address": "toute adresse web qu’il reçoit",
    },
}


@node_kind(
    id="web.read",
    label="Read a page",
    icon="article",
    group="tools",
    can_be_tool=True,
    effects=frozenset({"sends"}),
    hosts=lambda config: [ANY_ADDRESS],
    texts=TEXTS,
)
async def read_page(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Opens a web address and returns its main text, without menus and ads.

    PDF and plain text work too.
    """
    page = await ctx.web.read(inputs.address, config.longest)
    links = [{"text": words, "address": address} for words, address in page.links]
    return Outputs(text=page.text, title=page.title, links=links, address=page.url)
