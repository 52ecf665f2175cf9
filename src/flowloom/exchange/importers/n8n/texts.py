"""What is said of workflows of n8n, in the languages of people."""

from flowloom.locales import add_texts

add_texts({"zh": {}, "fr": {}})
