"""English source texts and their translations: the English sentence is the key, as in gettext."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "English", "zh": "中文", "fr": "Français"}


class Verbatim(str):
    """Words a person chose: they stay as they are in every language, also where they equal a text of ours."""


@cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of one language, English sentence to translated sentence."""
    if language not in LANGUAGES or language == "en":
        return {}
    found: dict[str, str] = json.loads((files(__name__) / f"{language}.json").read_text("utf-8"))
    return found


def add_texts(texts: Mapping[str, Mapping[str, str]]) -> None:
    """Add translations that live beside their code, as a block kind's do: `{"fr": {"Text": "Texte"}}`."""
    for language, translations in texts.items():
        catalogue(language).update(translations)


def translate(source: str, language: str = "en", /, **params: object) -> str:
    """The sentence in `language` with its `{names}` filled in; English where no translation is known."""
    template = source if isinstance(source, Verbatim) else catalogue(language).get(source, source)
    return template.format(**params) if params else template
