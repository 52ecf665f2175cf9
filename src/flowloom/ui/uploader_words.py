"""What Streamlit's file uploader says, in the language of the person: the library knows English alone."""

import json

from flowloom.ui.session import t

ZONE = '[data-testid="stFileUploaderDropzone"]'
LABEL, HINT = "button p", '[data-testid="stFileUploaderDropzoneInstructions"] span'


def uploader_words() -> str:
    """A style that puts our words in place of its own: what to do with one file, and with several."""
    several = f"{ZONE}:has(input[multiple])"
    return (
        f"<style>{ZONE} :is({LABEL}, {HINT}) {{font-size: 0;}}"
        + _says(ZONE, LABEL, t("Choose a file"))
        + _says(ZONE, HINT, t("or drop it here"))
        + _says(several, LABEL, t("Choose files"))
        + _says(several, HINT, t("or drop them here"))
        + "</style>"
    )


def _says(zone: str, part: str, words: str) -> str:
    return f"{zone} {part}::after {{font-size: 0.875rem; content: {json.dumps(words, ensure_ascii=False)};}}"
