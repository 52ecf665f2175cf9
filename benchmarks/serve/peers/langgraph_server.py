"""A bare server of LangGraph: message, prompt, model, answer, and nothing kept. `PORT MODEL_URL FLOW`."""

import json
import sys
from collections.abc import AsyncIterator
from typing import Any, TypedDict

import uvicorn
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

PORT, MODEL, FLOW = int(sys.argv[1]), sys.argv[2], sys.argv[3]
model = ChatOpenAI(model="m", base_url=MODEL, api_key="x", max_retries=0, stream_usage=True)


class State(TypedDict, total=False):
    message: str
    prompt: str
    answer: str


async def ask(state: State) -> State:
    return {"answer": str((await model.ainvoke(state["prompt"])).content)}


def graph() -> Any:
    made = StateGraph(State)
    made.add_node("prompt", lambda state: {"prompt": state["message"]})
    made.add_node("model", ask)
    if FLOW == "branch":
        made.add_node("polite", lambda state: {"prompt": f"Kindly: {state['prompt']}"})
        made.add_conditional_edges("prompt", lambda state: "polite" if "please" in state["message"] else "model")
        made.add_edge("polite", "model")
    else:
        made.add_edge("prompt", "model")
    made.add_edge(START, "prompt")
    made.add_edge("model", END)
    return made.compile()


compiled = graph()


async def answer(request: Request) -> Response:
    body = await request.json()
    given = {"message": body["messages"][-1]["content"]}
    if body.get("stream"):
        return StreamingResponse(pieces(given), media_type="text/event-stream")
    found = await compiled.ainvoke(given)
    return JSONResponse({"choices": [{"message": {"role": "assistant", "content": found["answer"]}}]})


async def pieces(given: State) -> AsyncIterator[str]:
    async for message, _ in compiled.astream(given, stream_mode="messages"):
        if message.content:
            yield f"data: {json.dumps({'choices': [{'delta': {'content': message.content}}]})}\n\n"
    yield "data: [DONE]\n\n"


app = Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")
