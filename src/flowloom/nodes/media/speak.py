"""Have a model speak a text."""

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.media import SoundFormat, SpeechWish
from flowloom.kinds.values import Attachment
from flowloom.nodes.media.asking import VoiceModel, file_name
from flowloom.nodes.readable import first_words

FORMAT_LABELS: JsonDict = {
    "mp3": "MP3, plays everywhere",
    "wav": "WAV, large",
    "ogg": "Ogg, small",
    "flac": "FLAC, large",
}


class Config(BaseModel):
    voice: str = Field(
        default="",
        title="Voice",
        description="The name of a voice, as the maker of the model calls it. Empty: its first one.",
        max_length=100,
        json_schema_extra={"example": "alloy, nova, onyx"},
    )
    format: SoundFormat = Field(
        default="mp3",
        title="Kind of file",
        description="In which form the sound is saved.",
        json_schema_extra={"labels": FORMAT_LABELS},
    )
    model: VoiceModel = "voice"


class Inputs(BaseModel):
    text: str = Field(title="Text", description="What to say, of 4,000 characters at most.")


class Outputs(BaseModel):
    sound: Attachment = Field(title="Sound")
    note: str = Field(title="What its maker says")


TEXTS = {
    "zh": {
        "Speak": "朗读",
        "Has a model speak a text; the sound is played below the answer.": (
            "让模型读出一段文本；声音在回答下方播放。"
        ),
        "Voice": "声音",
        "The name of a voice, as the maker of the model calls it. Empty: its first one.": (
            "声音的名称，以模型厂商的叫法为准。留空则用第一个。"
        ),
        "alloy, nova, onyx": "alloy、nova、onyx",
        "Kind of file": "文件类型",
        "In which form the sound is saved.": "声音以何种形式保存。",
        "MP3, plays everywhere": "MP3，到处都能播放",
        "WAV, large": "WAV，较大",
        "Ogg, small": "Ogg，较小",
        "FLAC, large": "FLAC，较大",
        "Text": "文本",
        "What to say, of 4,000 characters at most.": "要说的内容，最多 4,000 个字符。",
        "Sound": "声音文件",
        "What its maker says": "作者的说明",
    },
    "fr": {
        "Speak": "Parler",
        "Has a model speak a text; the sound is played below the answer.": (
            "Fait dire un texte par un modèle ; le son s’écoute sous la réponse."
        ),
        "Voice": "Voix",
        "The name of a voice, as the maker of the model calls it. Empty: its first one.": (
            "Le nom d’une voix, comme l’appelle l’auteur du modèle. Vide : la première."
        ),
        "alloy, nova, onyx": "alloy, nova ou onyx",
        "Kind of file": "Sorte de fichier",
        "In which form the sound is saved.": "Sous quelle forme le son est enregistré.",
        "MP3, plays everywhere": "MP3, lisible partout",
        "WAV, large": "WAV, volumineux",
        "Ogg, small": "Ogg, léger",
        "FLAC, large": "FLAC, volumineux",
        "Text": "Texte",
        "What to say, of 4,000 characters at most.": "Ce qu’il faut dire, 4 000 caractères au plus.",
        "Sound": "Son",
        "What its maker says": "Ce qu’en dit son auteur",
    },
}


@node_kind(
    id="speech.speak",
    label="Speak",
    icon="record_voice_over",
    group="models",
    can_be_tool=True,
    safe_to_repeat=False,
    effects=frozenset({"sends", "spends money", "saves files"}),
    calls=lambda config, tools: [ModelCalls(config.model, 1, 1)],
    summarise=lambda config: first_words(config.voice),
    tune="voice",
    texts=TEXTS,
)
async def speak(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Has a model speak a text; the sound is played below the answer."""
    wish = SpeechWish(
        text=inputs.text.strip(),
        model=config.model,
        voice=config.voice,
        format=config.format,
        language=ctx.language,
    )
    made = await ctx.media.speak(wish)
    ctx.spend(made.usage)
    name = file_name(inputs.text, "speech", made.media_type)
    file = ctx.files.save_bytes(name, made.data, made.media_type, replace=False)
    return Outputs(sound=file, note=made.note)
