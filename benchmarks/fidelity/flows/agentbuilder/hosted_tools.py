from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace, FileSearchTool, WebSearchTool, CodeInterpreterTool, HostedMCPTool
from openai.types.shared.reasoning import Reasoning
from pydantic import BaseModel

file_search = FileSearchTool(
  vector_store_ids=[
    "vs_example"
  ],
  max_num_results=6
)
web_search_preview = WebSearchTool(
  search_context_size="medium",
  user_location={
    "type": "approximate"
  }
)
code_interpreter = CodeInterpreterTool(tool_config={
  "type": "code_interpreter",
  "container": {
    "type": "auto"
  }
})
mcp = HostedMCPTool(tool_config={
  "type": "mcp",
  "server_label": "calendar",
  "allowed_tools": [
    "list_events",
    "add_event"
  ],
  "authorization": "Bearer sk-proj-0123456789abcdefghijklmnopqrstuv",
  "require_approval": "always",
  "server_url": "https://calendar.example.com/mcp"
})
researcher = Agent(
  name="Researcher",
  instructions="Find out.",
  model="gpt-5",
  tools=[
    file_search,
    web_search_preview,
    code_interpreter,
    mcp
  ],
  model_settings=ModelSettings(
    store=True,
    reasoning=Reasoning(
      effort="low",
      summary="auto"
    )
  )
)


class WorkflowInput(BaseModel):
  input_as_text: str


async def run_workflow(workflow_input: WorkflowInput):
  with trace("Researcher"):
    workflow = workflow_input.model_dump()
    conversation_history: list[TResponseInputItem] = [
      {
        "role": "user",
        "content": [
          {
            "type": "input_text",
            "text": workflow["input_as_text"]
          }
        ]
      }
    ]
    researcher_result_temp = await Runner.run(
      researcher,
      input=[
        *conversation_history
      ]
    )
    return {"output_text": researcher_result_temp.final_output_as(str)}
