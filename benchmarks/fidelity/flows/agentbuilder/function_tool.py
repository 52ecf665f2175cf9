from agents import Agent, function_tool, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

@function_tool
def add_numbers(a: int, b: int):
  return a + b


counter = Agent(
  name="Counter",
  instructions="Use the tool.",
  model="gpt-4.1-mini",
  tools=[
    add_numbers
  ],
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)


class WorkflowInput(BaseModel):
  input_as_text: str


async def run_workflow(workflow_input: WorkflowInput):
  with trace("Tool"):
    state = {}
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
    counter_result_temp = await Runner.run(
      counter,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    conversation_history.extend([item.to_input_item() for item in counter_result_temp.new_items])
    counter_result = {
      "output_text": counter_result_temp.final_output_as(str)
    }
    return counter_result
