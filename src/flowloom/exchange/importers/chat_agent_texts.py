"""What is said of chats with one agent that come from other builders, in the languages of people."""

from flowloom.locales import add_texts

add_texts({"zh": {}, "fr": {}})
