"""Code to paste: the same question by curl, Python and JavaScript, and the settings of an MCP client."""

import json

import streamlit as st

from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.session import t

KEY = "fl_…"
"""In the place of the key, which nobody should have in code."""

CURL = """curl {base}/chat/completions \\
  -H "Authorization: Bearer $FLOWLOOM_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{{"model": {name}, "messages": [{{"role": "user", "content": "Hello"}}]}}'"""
PYTHON = """import os

from openai import OpenAI

client = OpenAI(base_url="{base}", api_key=os.environ["FLOWLOOM_KEY"])
answer = client.chat.completions.create(
    model={name},
    messages=[{{"role": "user", "content": "Hello"}}],
)
print(answer.choices[0].message.content)"""
JAVASCRIPT = """import OpenAI from "openai";

const client = new OpenAI({{ baseURL: "{base}", apiKey: process.env.FLOWLOOM_KEY }});
const stream = await client.chat.completions.create({{
  model: {name},
  messages: [{{ role: "user", content: "Hello" }}],
  stream: true,
}});
for await (const part of stream) process.stdout.write(part.choices[0]?.delta?.content ?? "");"""


def examples(slug: str) -> dict[str, tuple[str, str]]:
    """By its title: the language of the code, and the code."""
    base, name = own_address("", "v1").rstrip("/"), json.dumps(slug, ensure_ascii=False)
    settings = {"url": own_address(slug, "mcp"), "headers": {"Authorization": f"Bearer {KEY}"}}
    servers = json.dumps({"mcpServers": {slug: settings}}, ensure_ascii=False, indent=2)
    return {
        "curl": ("bash", CURL.format(base=base, name=name)),
        "Python": ("python", PYTHON.format(base=base, name=name)),
        "JavaScript": ("javascript", JAVASCRIPT.format(base=base, name=name)),
        "MCP": ("json", servers),
    }


def draw_examples(slug: str) -> None:
    st.markdown(f"**{t('Code to paste')}**")
    st.caption(
        t(
            "Put the key into the environment variable FLOWLOOM_KEY rather than into the code, where others may "
            "read it."
        )
    )
    found = examples(slug)
    for tab, (language, code) in zip(st.tabs(list(found)), found.values(), strict=True):
        tab.code(code, language=language, wrap_lines=True)
