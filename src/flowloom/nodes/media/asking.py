"""What blocks for pictures and voices share: how the model is chosen, and the name of what they make."""

import re
from typing import Annotated, Any

from pydantic import Field
from pydantic.config import JsonDict

from flowloom.locales import add_texts

_TITLE, _HELP = "Model", "Which model to ask. “Chosen in Settings” follows Pictures and voice there."


def _model(role: str) -> Any:
    extra: JsonDict = {"widget": f"media_model:{role}"}
    return Field(title=_TITLE, description=_HELP, min_length=1, max_length=200, json_schema_extra=extra)


PictureModel = Annotated[str, _model("pictures")]
VoiceModel = Annotated[str, _model("voice")]
HearingModel = Annotated[str, _model("hearing")]
ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "audio/wav": ".wav",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "audio/webm": ".webm",
    "audio/flac": ".flac",
}

add_texts(
    {
        "zh": {
            "Model": "模型",
            "Which model to ask. “Chosen in Settings” follows Pictures and voice there.": (
                "问哪个模型。“在设置中选择的”以设置里的“图片与语音”为准。"
            ),
        },
        "fr": {
            "Model": "Modèle",
            "Which model to ask. “Chosen in Settings” follows Pictures and voice there.": (
                "Le modèle à interroger. « Choisi dans les Réglages » suit Images et voix là-bas."
            ),
        },
    }
)


def file_name(text: str, kind: str, media_type: str) -> str:
    """A plain name made of the first words of a text; `kind` says what it is where those are few."""
    words = re.sub(r"[^\w '’-]|_", "", " ".join(text.split()))
    # Not cut within a word, where there are words.
    words = (words[:40] if len(words) <= 40 else words[:41].rpartition(" ")[0] or words[:40]).strip(" '’-")
    # Some short words are names of devices.
    name = words if len(words) > 6 else f"{words} {kind}".strip()
    return name + ENDINGS[media_type]
