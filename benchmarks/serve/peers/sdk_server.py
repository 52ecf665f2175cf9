"""A bare server that asks the model by OpenAI’s library, and nothing else. `PORT MODEL_URL`."""

import sys
from collections.abc import AsyncIterator

import uvicorn
from openai import AsyncOpenAI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

PORT, MODEL = int(sys.argv[1]), sys.argv[2]
client = AsyncOpenAI(base_url=MODEL, api_key="x", max_retries=0)


async def answer(request: Request) -> Response:
    body = await request.json()
    if body.get("stream"):
        return StreamingResponse(pieces(body["messages"]), media_type="text/event-stream")
    found = await client.chat.completions.create(model="m", messages=body["messages"])
    return Response(found.model_dump_json(), media_type="application/json")


async def pieces(messages: list) -> AsyncIterator[str]:  # type: ignore[type-arg]
    async for chunk in await client.chat.completions.create(model="m", messages=messages, stream=True):
        yield f"data: {chunk.model_dump_json()}\n\n"
    yield "data: [DONE]\n\n"


app = Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")
