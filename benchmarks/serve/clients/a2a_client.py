"""A2A's own client reads the card of a GPT and asks it, whole and as it is written. `ROOT KEY`."""

import asyncio
import sys

import httpx
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.types.a2a_pb2 import Message, Part, Role, SendMessageRequest, TaskState


async def main(root: str, key: str) -> None:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=30) as http:
        card = await A2ACardResolver(http, f"{root}/a2a/gpt").get_agent_card()
        message = Message(message_id="1", role=Role.ROLE_USER, parts=[Part(text="Hello you")])
        client = ClientFactory(ClientConfig(httpx_client=http, streaming=False)).create(card)
        async for told in client.send_message(SendMessageRequest(message=message)):
            assert told.task.status.state == TaskState.TASK_STATE_COMPLETED, told
            assert told.task.artifacts[0].parts[0].text == "You said: Hello you"
        client = ClientFactory(ClientConfig(httpx_client=http)).create(card)
        told = [each async for each in client.send_message(SendMessageRequest(message=message))]
        assert told[-1].status_update.status.state == TaskState.TASK_STATE_COMPLETED, told
        assert "".join(each.artifact_update.artifact.parts[0].text for each in told[1:-1]) == "You said: Hello you"


asyncio.run(main(*sys.argv[1:]))
