"""A2A's own client reads the card of a GPT and sends it a message. `ROOT KEY`."""

import asyncio
import sys

import httpx
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.types.a2a_pb2 import Message, Part, Role, SendMessageRequest, TaskState


async def main(root: str, key: str) -> None:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=30) as http:
        card = await A2ACardResolver(http, f"{root}/a2a/gpt").get_agent_card()
        client = ClientFactory(ClientConfig(httpx_client=http, streaming=False)).create(card)
        message = Message(message_id="1", role=Role.ROLE_USER, parts=[Part(text="Hello you")])
        async for told in client.send_message(SendMessageRequest(message=message)):
            assert told.task.status.state == TaskState.TASK_STATE_COMPLETED, told
            assert told.task.artifacts[0].parts[0].text == "You said: Hello you"


asyncio.run(main(*sys.argv[1:]))
