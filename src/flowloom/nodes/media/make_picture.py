"""Have a model make a picture."""

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.media import Picture, PictureSize, PictureWish, Quality
from flowloom.nodes.media.asking import PictureModel, file_name
from flowloom.nodes.readable import first_words

SIZE_LABELS: JsonDict = {"square": "square", "wide": "wide", "tall": "tall"}
QUALITY_LABELS: JsonDict = {
    "auto": "automatic",
    "low": "low (cheapest)",
    "medium": "medium",
    "high": "high (most expensive)",
}


class Config(BaseModel):
    look: str = Field(
        default="",
        title="Style",
        description="Added to each description: how pictures should look.",
        max_length=2_000,
        json_schema_extra={"widget": "textarea", "example": "Watercolour, soft colours, no text"},
    )
    size: PictureSize = Field(
        default="square",
        title="Shape",
        description="Square, wide or tall.",
        json_schema_extra={"labels": SIZE_LABELS},
    )
    quality: Quality = Field(
        default="auto",
        title="Quality",
        description="Better pictures take longer and cost more. Not every model offers a choice.",
        json_schema_extra={"labels": QUALITY_LABELS},
    )
    model: PictureModel = "pictures"


class Inputs(BaseModel):
    prompt: str = Field(title="Picture description", description="What the picture should show.")


class Outputs(BaseModel):
    picture: Picture = Field(title="Picture")
    note: str = Field(title="Note from the model")


TEXTS = {
    "zh": {
        "Make a picture": "生成图片",
        "Creates a picture from a description and shows it below the answer.": (
            "让模型画出你描述的内容；图片显示在回答下方。"
        ),
        "Style": "风格",
        "Added to each description: how pictures should look.": "附加在每个提示词后面：图片应有的样子。",
        "Watercolour, soft colours, no text": "水彩，色彩柔和，没有文字",
        "Shape": "形状",
        "Square, wide or tall.": "方形，或某一边更长。",
        "square": "方形",
        "wide": "横向",
        "tall": "纵向",
        "Quality": "质量",
        "Better pictures take longer and cost more. Not every model offers a choice.": (
            "更好的图片更慢也更贵。并非每个模型都可以选择。"
        ),
        "automatic": "自动",
        "low (cheapest)": "低，最便宜",
        "medium": "中",
        "high (most expensive)": "高，最贵",
        "Picture description": "图片描述",
        "What the picture should show.": "用文字说明图片上应有什么。",
        "Picture": "图片",
        "Note from the model": "模型的说明",
    },
    "fr": {
        "Make a picture": "Créer une image",
        "Creates a picture from a description and shows it below the answer.": (
            "Fait dessiner par un modèle ce que vous décrivez ; l’image s’affiche sous la réponse."
        ),
        "Style": "Style visuel",
        "Added to each description: how pictures should look.": (
            "Ajouté à chaque consigne : l’allure que doivent avoir les images."
        ),
        "Watercolour, soft colours, no text": "Aquarelle, couleurs douces, sans texte",
        "Shape": "Forme",
        "Square, wide or tall.": "Carrée, ou plus longue d’un côté.",
        "square": "carrée",
        "wide": "large",
        "tall": "haute",
        "Quality": "Qualité",
        "Better pictures take longer and cost more. Not every model offers a choice.": (
            "De meilleures images prennent plus de temps et coûtent plus. Tous les modèles n’offrent pas le choix."
        ),
        "automatic": "automatique",
        "low (cheapest)": "basse, la moins chère",
        "medium": "moyenne",
        "high (most expensive)": "haute, la plus chère",
        "Picture description": "Description de l’image",
        "What the picture should show.": "Ce qui doit être sur l’image, en mots.",
        "Picture": "Image",
        "Note from the model": "Note du modèle",
    },
}


@node_kind(
    id="picture.make",
    label="Make a picture",
    icon="palette",
    group="models",
    can_be_tool=True,
    safe_to_repeat=False,
    effects=frozenset({"sends", "spends money", "saves files"}),
    calls=lambda config, tools: [ModelCalls(config.model, 1, 1)],
    summarise=lambda config: first_words(config.look),
    tune="look",
    texts=TEXTS,
)
async def make_picture(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Creates a picture from a description and shows it below the answer."""
    look = config.look.strip()
    wish = PictureWish(
        prompt=f"{inputs.prompt.strip()}\n\n{look}".strip() if inputs.prompt.strip() else "",
        model=config.model,
        size=config.size,
        quality=config.quality,
        language=ctx.language,
    )
    made = await ctx.media.draw(wish)
    ctx.spend(made.usage)
    name = file_name(inputs.prompt, "picture", made.media_type)
    file = ctx.files.save_bytes(name, made.data, made.media_type, replace=False)
    return Outputs(picture=Picture(**file.model_dump()), note=made.note or inputs.prompt.strip())
