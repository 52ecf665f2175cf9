"""Names that every exported program defines at its head; here they only stand for them."""

from pathlib import Path

LANGUAGE = "en"
HERE = Path(__file__).parent
DOCUMENTS = Path(__file__).with_suffix(".documents")
