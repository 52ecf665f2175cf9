from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

spanish_agent = Agent(
  name="Spanish agent",
  instructions="You only speak Spanish.",
  model="gpt-4.1-mini"
)

triage_agent = Agent(
  name="Triage agent",
  instructions="Hand over to the agent that speaks the language.",
  model="gpt-4.1-mini",
  handoffs=[spanish_agent]
)


class WorkflowInput(BaseModel):
  input_as_text: str


async def run_workflow(workflow_input: WorkflowInput):
  with trace("Handoff"):
    workflow = workflow_input.model_dump()
    result = await Runner.run(triage_agent, workflow["input_as_text"])
    return result.final_output
