"""LangChain asks a GPT as a model of OpenAI, whole and piece by piece. `ROOT KEY`."""

import sys

from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="gpt", base_url=f"{sys.argv[1]}/v1", api_key=sys.argv[2])
whole = model.invoke("Hello you")
assert whole.content == "You said: Hello you", whole
assert whole.usage_metadata["total_tokens"] > 0
assert "".join(str(piece.content) for piece in model.stream("Hello you")) == whole.content
