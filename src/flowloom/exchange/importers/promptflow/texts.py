"""What the importer of PromptFlow says, in the languages of the app."""

from flowloom.locales import add_texts

add_texts({})
