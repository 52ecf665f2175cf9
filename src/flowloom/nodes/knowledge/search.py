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
        description="Which collection of documents to search.",
        max_length=200,
        json_schema_extra={"widget": "knowledge"},
    )
    top_k: int = Field(
        default=4, title="Passages", description="How many passages to hand on at most.", ge=1, le=50
    )
    minimum_score: float | None = Field(
        default=None,
        title="Least score",
        description="Leave out passages that fit less well than this, from 0 to 1. Empty: keep them all.",
        ge=0,
        le=1,
    )
    tags: str = Field(
        default="",
        title="Only with these tags",
        description="Tags of documents, with commas between them; one of them is enough. Empty: all documents.",
        max_length=500,
    )
    files: str = Field(
        default="",
        title="Only these documents",
        description="Names of documents, one a line. Empty: all documents.",
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
    question: str = Field(title="Question", description="What to look for in the documents.")


class Outputs(BaseModel):
    passages: list[Passage] = Field(title="Passages")
    text: str = Field(title="Text")
    nothing: str = Field(default="", title="Nothing found")


def check(config: Config) -> Iterable[Problem]:
    if not config.knowledge.strip():
        yield Problem.of(
            "knowledge.none", "No knowledge is chosen.", "Choose the documents this block should search."
        )


TEXTS = {
    "zh": {
        "Search knowledge": "搜索知识库",
        "This GPT’s documents": "这个 GPT 的文档",
        "Shared documents": "共享文档",
        "Finds the passages in your documents that are nearest to a question.": (
            "在你的文档中找出与问题最接近的段落。"
        ),
        "Knowledge": "知识库",
        "Which collection of documents to search.": "要搜索哪一组文档。",
        "Passages": "段落",
        "How many passages to hand on at most.": "最多传出多少个段落。",
        "Least score": "最低分数",
        "Leave out passages that fit less well than this, from 0 to 1. Empty: keep them all.": (
            "去掉匹配度低于此值的段落，范围 0 到 1。留空则全部保留。"
        ),
        "Only with these tags": "只限这些标签",
        "Tags of documents, with commas between them; one of them is enough. Empty: all documents.": (
            "文档的标签，用逗号分隔，符合其中一个即可。留空则搜索全部文档。"
        ),
        "Only these documents": "只限这些文档",
        "Names of documents, one a line. Empty: all documents.": "文档名称，每行一个。留空则搜索全部文档。",
        "Question": "问题",
        "What to look for in the documents.": "要在文档中查找的内容。",
        "Text": "文本",
        "Nothing found": "没有找到",
        "The documents hold nothing on this question.": "文档中没有与这个问题有关的内容。",
        "No knowledge is chosen.": "还没有选择知识库。",
        "Choose the documents this block should search.": "请选择这个模块要搜索的文档。",
    },
    "fr": {
        "Search knowledge": "Chercher dans les documents",
        "This GPT’s documents": "Documents de ce GPT",
        "Shared documents": "Documents partagés",
        "Finds the passages in your documents that are nearest to a question.": (
            "Trouve dans vos documents les passages les plus proches d’une question."
        ),
        "Knowledge": "Documents",
        "Which collection of documents to search.": "Dans quel ensemble de documents chercher.",
        "Passages": "Passages",
        "How many passages to hand on at most.": "Combien de passages transmettre au plus.",
        "Least score": "Score minimal",
        "Leave out passages that fit less well than this, from 0 to 1. Empty: keep them all.": (
            "Écarter les passages moins pertinents que cette valeur, de 0 à 1. Vide : tous les garder."
        ),
        "Only with these tags": "Seulement avec ces étiquettes",
        "Tags of documents, with commas between them; one of them is enough. Empty: all documents.": (
            "Étiquettes de documents, séparées par des virgules ; une seule suffit. Vide : tous les documents."
        ),
        "Only these documents": "Seulement ces documents",
        "Names of documents, one a line. Empty: all documents.": (
            "Noms de documents, un par ligne. Vide : tous les documents."
        ),
        "Question": "Question",
        "What to look for in the documents.": "Ce qu’il faut chercher dans les documents.",
        "Text": "Texte",
        "Nothing found": "Rien trouvé",
        "The documents hold nothing on this question.": "Les documents ne disent rien sur cette question.",
        "No knowledge is chosen.": "Aucun document n’est choisi.",
        "Choose the documents this block should search.": ("Choisissez les documents où ce bloc doit chercher."),
    },
}


def summary(config: Config) -> str:
    """Which documents it searches, without the name a file gives them."""
    if config.knowledge == OWN:
        return "This GPT’s documents"
    return "Shared documents" if config.knowledge.startswith(SHARED) else first_words(config.knowledge)


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
    """Finds the passages in your documents that are nearest to a question."""
    question = inputs.question.strip()
    found = await _search(config, question, ctx) if question else []
    kept = [passage for passage in found if passage.score >= (config.minimum_score or 0)]
    if not kept:
        # `passages` and `text` fire too: a model joined to them should run, and learn that there is nothing.
        text = translate("The documents hold nothing on this question.", ctx.language)
        return Outputs(passages=[], text=text, nothing=inputs.question)
    return Outputs(passages=kept, text=numbered(kept))
