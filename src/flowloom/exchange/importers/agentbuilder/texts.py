"""What is said of programs of Agent Builder, in the languages of people."""

from flowloom.locales import add_texts

add_texts({"zh": {}, "fr": {}})
