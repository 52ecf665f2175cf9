"""Find the passages of a knowledge base nearest to a question."""

import re
from collections.abc import Iterable

from pydantic import BaseModel, Field

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.kinds.values import SHARED, Filter, Passage
from flowloom.locales import translate
from flowloom.nodes.models.asking import numbered
from flowloom.nodes.readable import first_words

OWN = "main"
"""What a flow calls the documents of its own."""


class Config(BaseModel):
    knowledge: str = Field(
        default=OWN,
        title="Knowledge",
        description="Which documents to search.",
        max_length=200,
        json_schema_extra={"widget": "knowledge"},
    )
    top_k: int = Field(
        default=4, title="Passages", description="Maximum number of passages to pass on.", ge=1, le=50
    )
    minimum_score: float | None = Field(
        default=None,
        title="Minimum relevance",
        description=(
            "Skips passages below this relevance, from 0 to 1. Leave empty to skip what hardly fits; 0 keeps all."
        ),
        ge=0,
        le=1,
    )
    tags: str = Field(
        default="",
        title="Tags",
        description="Document tags separated by commas; one match is enough. Leave empty for all documents.",
        max_length=500,
    )
    files: str = Field(
        default="",
        title="Only these documents",
        description="Document names, one per line. Leave empty for all documents.",
        max_length=5_000,
        json_schema_extra={"widget": "textarea"},
    )

    @property
    def only(self) -> Filter | None:
        """What to search, where that is not everything."""
        tags = tuple(tag.strip() for tag in re.split("[,，]", self.tags) if tag.strip())
        files = tuple(name.strip() for name in self.files.splitlines() if name.strip())
        return Filter(tags=tags, files=files) if tags or files else None


class Inputs(BaseModel):
    question: str = Field(title="Question", description="What to search for in the documents.")


class Outputs(BaseModel):
    passages: list[Passage] = Field(title="Passages")
    text: str = Field(title="Text")
    nothing: str = Field(default="", title="Nothing found")


def check(config: Config) -> Iterable[Problem]:
    if not config.knowledge.strip():
        yield Problem.of("knowledge.none", "No documents chosen.", "Choose the documents this block should search.")


TEXTS = {
    "zh": {
        "Search knowledge": "搜索知识库",
        "This GPT’s documents": "这个 GPT 的文档",
        "Shared documents": "共享文档",
        "Finds the passages in your documents that best match a question.": (
            "在你的文档中找出与问题最接近的段落。"
        ),
        "Knowledge": "知识库",
        "Which documents to search.": "要搜索哪一组文档。",
        "Passages": "段落",
        "Maximum number of passages to pass on.": "最多传出多少个段落。",
        "Minimum relevance": "最低相关度",
        "Skips passages below this relevance, from 0 to 1. Leave empty to skip what hardly fits; 0 keeps all.": (
            "去掉相关度低于此值的段落，范围 0 到 1。留空则只去掉几乎无关的段落；填 0 则全部保留。"
        ),
        "Tags": "只限这些标签",
        "Document tags separated by commas; one match is enough. Leave empty for all documents.": (
            "文档的标签，用逗号分隔，符合其中一个即可。留空则搜索全部文档。"
        ),
        "Only these documents": "只限这些文档",
        "Document names, one per line. Leave empty for all documents.": "文档名称，每行一个。留空则搜索全部文档。",
        "Question": "问题",
        "What to search for in the documents.": "要在文档中查找的内容。",
        "Text": "文本",
        "Nothing found": "没有找到",
        "Nothing found in the documents.": "文档中没有与这个问题有关的内容。",
        "No documents chosen.": "还没有选择文档。",
        "Choose the documents this block should search.": "请选择这个模块要搜索的文档。",
    },
    "fr": {
        "Search knowledge": "Chercher dans les documents",
        "This GPT’s documents": "Documents de ce GPT",
        "Shared documents": "Documents partagés",
        "Finds the passages in your documents that best match a question.": (
            "Trouve dans vos documents les passages les plus proches d’une question."
        ),
        "Knowledge": "Documents",
        "Which documents to search.": "Dans quel ensemble de documents chercher.",
        "Passages": "Passages",
        "Maximum number of passages to pass on.": "Combien de passages transmettre au plus.",
        "Minimum relevance": "Pertinence minimale",
        "Skips passages below this relevance, from 0 to 1. Leave empty to skip what hardly fits; 0 keeps all.": (
            "Écarte les passages moins pertinents que cette valeur, de 0 à 1. "
            "Vide : écarte ceux qui n’ont guère de rapport ; 0 : les garde tous."
        ),
        "Tags": "Seulement avec ces étiquettes",
        "Document tags separated by commas; one match is enough. Leave empty for all documents.": (
            "Étiquettes de documents, séparées par des virgules ; une seule suffit. Vide : tous les documents."
        ),
        "Only these documents": "Seulement ces documents",
        "Document names, one per line. Leave empty for all documents.": (
            "Noms de documents, un par ligne. Vide : tous les documents."
        ),
        "Question": "Question",
        "What to search for in the documents.": "Ce qu’il faut chercher dans les documents.",
        "Text": "Texte",
        "Nothing found": "Rien trouvé",
        "Nothing found in the documents.": "Les documents ne disent rien sur cette question.",
        "No documents chosen.": "Aucun document choisi.",
        "Choose the documents this block should search.": "Choisissez les documents où ce bloc doit chercher.",
    },
}


def summary(config: Config) -> str:
    """Which documents it searches, without the name a file gives them."""
    if config.knowledge == OWN:
        return "This GPT’s documents"
    return "Shared documents" if config.knowledge.startswith(SHARED) else first_words(config.knowledge)


def _fits(passage: Passage, minimum_score: float | None) -> bool:
    if minimum_score is None:
        return passage.why is None or passage.why.enough
    return passage.score >= minimum_score


async def _search(config: Config, question: str, ctx: NodeContext) -> list[Passage]:
    return await ctx.knowledge.search(config.knowledge, question, config.top_k, config.only)


@node_kind(
    id="knowledge.search",
    label="Search knowledge",
    icon="search",
    group="knowledge",
    can_be_tool=True,
    effects=frozenset({"reads knowledge"}),
    summarise=summary,
    check=check,
    tune="top_k",
    texts=TEXTS,
)
async def search(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Finds the passages in your documents that best match a question."""
    question = inputs.question.strip()
    found = await _search(config, question, ctx) if question else []
    kept = [passage for passage in found if _fits(passage, config.minimum_score)]
    if not kept:
        # `passages` and `text` fire too: a model joined to them should run, and learn that there is nothing.
        text = translate("Nothing found in the documents.", ctx.language)
        return Outputs(passages=[], text=text, nothing=inputs.question)
    return Outputs(passages=kept, text=numbered(kept))
