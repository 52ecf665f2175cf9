from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

translator = Agent(
  name="Translator",
  instructions="Translate into French.",
  model="gpt-4.1-mini"
)

helper = Agent(
  name="Helper",
  instructions="Use your tools.",
  model="gpt-4.1-mini",
  tools=[
    translator.as_tool(tool_name="translate", tool_description="Translates into French")
  ]
)


class WorkflowInput(BaseModel):
  input_as_text: str


async def run_workflow(workflow_input: WorkflowInput):
  workflow = workflow_input.model_dump()
  helper_result_temp = await Runner.run(helper, input=workflow["input_as_text"])
  return {"output_text": helper_result_temp.final_output_as(str)}
