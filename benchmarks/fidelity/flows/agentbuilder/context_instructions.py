from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

class GreeterContext:
  def __init__(self, state_city: str, workflow_input_as_text: str):
    self.state_city = state_city
    self.workflow_input_as_text = workflow_input_as_text


def greeter_instructions(run_context, _agent):
  state_city = run_context.context.state_city
  workflow_input_as_text = run_context.context.workflow_input_as_text
  return f"""You greet people from {state_city}.
Write {{{{name}}}} for their name. They said: {workflow_input_as_text}"""


greeter = Agent(
  name="Greeter",
  instructions=greeter_instructions,
  model="gpt-4.1-mini",
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
  with trace("Greeter"):
    state = {"city": "Nairobi"}
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
    greeter_result_temp = await Runner.run(
      greeter,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      }),
      context=GreeterContext(state_city=state["city"], workflow_input_as_text=workflow["input_as_text"])
    )
    conversation_history.extend([item.to_input_item() for item in greeter_result_temp.new_items])
    greeter_result = {
      "output_text": greeter_result_temp.final_output_as(str)
    }
    return greeter_result
