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
    "mp3": "MP3 (plays everywhere)",
    "wav": "WAV (large)",
    "ogg": "Ogg (small)",
    "flac": "FLAC (large)",
}


class Config(BaseModel):
    voice: str = Field(
        default="",
        title="Voice",
        description="Name of one of the model’s voices. Leave empty for its first one.",
        max_length=100,
        json_schema_extra={"example": "alloy, nova, onyx"},
    )
    format: SoundFormat = Field(
        default="mp3",
        title="File type",
        description="Audio format.",
        json_schema_extra={"labels": FORMAT_LABELS},
    )
    model: VoiceModel = "voice"


class Inputs(BaseModel):
    text: str = Field(title="Text", description="What to say, up to 4,000 characters.")


class Outputs(BaseModel):
    sound: Attachment = Field(title="Audio")
    note: str = Field(title="Note from the model")


TEXTS = {
    "zh": {
        "Text to speech": "文字转语音",
        "Reads a text aloud; the audio is below the answer.": "让模型读出一段文本；声音在回答下方播放。",
        "Voice": "声音",
        "Name of one of the model’s voices. Leave empty for its first one.": (
            "声音的名称，以模型厂商的叫法为准。留空则用第一个。"
        ),
        "alloy, nova, onyx": "alloy、nova、onyx",
        "File type": "文件类型",
        "Audio format.": "声音以何种形式保存。",
        "MP3 (plays everywhere)": "MP3，到处都能播放",
        "WAV (large)": "WAV，较大",
        "Ogg (small)": "Ogg，较小",
        "FLAC (large)": "FLAC，较大",
        "Text": "文本",
        "What to say, up to 4,000 characters.": "要说的内容，最多 4,000 个字符。",
        "Audio": "音频",
        "Note from the model": "模型的说明",
    },
    "fr": {
        "Text to speech": "Synthèse vocale",
        "Reads a text aloud; the audio is below the answer.": (
            "Fait dire un texte par un modèle ; le son s’écoute sous la réponse."
        ),
        "Voice": "Voix",
        "Name of one of the model’s voices. Leave empty for its first one.": (
            "Le nom d’une voix, comme l’appelle l’auteur du modèle. Vide : la première."
        ),
        "alloy, nova, onyx": "alloy, nova ou onyx",
        "File type": "Sorte de fichier",
        "Audio format.": "Sous quelle forme le son est enregistré.",
        "MP3 (plays everywhere)": "MP3, lisible partout",
        "WAV (large)": "WAV, volumineux",
        "Ogg (small)": "Ogg, léger",
        "FLAC (large)": "FLAC, volumineux",
        "Text": "Texte",
        "What to say, up to 4,000 characters.": "Ce qu’il faut dire, 4 000 caractères au plus.",
        "Audio": "Fichier audio",
        "Note from the model": "Note du modèle",
    },
}


@node_kind(
    id="speech.speak",
    label="Text to speech",
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
    """Reads a text aloud; the audio is below the answer."""
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
