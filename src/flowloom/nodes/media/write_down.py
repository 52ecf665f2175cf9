"""Have a model write down what is said in a recording."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.media import Recording
from flowloom.kinds.values import Attachment
from flowloom.nodes.media.asking import HearingModel
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    spoken: str = Field(
        default="",
        title="Spoken language",
        description="Two letters, such as en, fr or zh, for better results. Leave empty to detect it.",
        max_length=10,
        json_schema_extra={"example": "fr"},
    )
    model: HearingModel = "hearing"


class Inputs(BaseModel):
    sound: Attachment = Field(title="Recording")


class Outputs(BaseModel):
    text: str = Field(title="Text")
    seconds: float | None = Field(default=None, title="Seconds")


TEXTS = {
    "zh": {
        "Transcribe": "语音转文字",
        "Turns speech in a recording into text.": "让模型听一段录音，并把其中说的话作为文本传出。",
        "Spoken language": "所说的语言",
        (
            "Two letters, such as en, fr or zh, for better results. Leave empty to detect it."
        ): "如果知道，请写两个字母，例如 en、fr 或 zh：出错会更少。留空则由它自己听辨。",
        "fr": "zh",
        "Recording": "录音",
        "Text": "文本",
        "Seconds": "秒数",
        "“{language}” isn’t a language code.": "“{language}”不是语言的缩写。",
        "Use two letters, such as en, fr or zh, or leave it empty.": "请用两个字母，例如 en、fr 或 zh，或留空。",
    },
    "fr": {
        "Transcribe": "Transcrire",
        "Turns speech in a recording into text.": (
            "Fait écouter un enregistrement par un modèle, et transmet en texte ce qui y est dit."
        ),
        "Spoken language": "Langue parlée",
        "Two letters, such as en, fr or zh, for better results. Leave empty to detect it.": (
            "Deux lettres, comme en, fr ou zh, si vous la connaissez : il se trompe moins. Vide : il écoute "
            "lui-même."
        ),
        "Recording": "Enregistrement",
        "Text": "Texte",
        "Seconds": "Secondes",
        "“{language}” isn’t a language code.": "« {language} » n’est pas l’abréviation d’une langue.",
        "Use two letters, such as en, fr or zh, or leave it empty.": (
            "Écrivez deux lettres, comme en, fr ou zh, ou laissez vide."
        ),
    },
}


def check(config: Config) -> Iterable[Problem]:
    language = config.spoken.strip()
    if language and not (language.isascii() and language.isalpha() and len(language) in (2, 3)):
        yield Problem.of(
            "speech.language",
            "“{language}” isn’t a language code.",
            "Use two letters, such as en, fr or zh, or leave it empty.",
            language=language,
        )


@node_kind(
    id="speech.write",
    label="Transcribe",
    icon="hearing",
    group="models",
    effects=frozenset({"sends", "spends money"}),
    calls=lambda config, tools: [ModelCalls(config.model, 1, 1)],
    summarise=lambda config: first_words(config.spoken),
    check=check,
    tune="spoken",
    texts=TEXTS,
)
async def write_down(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Turns speech in a recording into text."""
    recording = Recording(
        data=ctx.files.read(inputs.sound),
        model=config.model,
        spoken=config.spoken.strip().lower(),
        language=ctx.language,
    )
    written = await ctx.media.write_down(recording)
    ctx.spend(written.usage)
    if written.seconds is None:
        return Outputs(text=written.text)
    return Outputs(text=written.text, seconds=round(written.seconds, 1))
