from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from openai import AsyncOpenAI
from types import SimpleNamespace
from guardrails.runtime import load_config_bundle, instantiate_guardrails, run_guardrails
from pydantic import BaseModel

client = AsyncOpenAI()
ctx = SimpleNamespace(guardrail_llm=client)
jailbreak_guardrail_config = {
  "guardrails": [
    {
      "name": "Jailbreak",
      "config": {
        "model": "gpt-4.1-mini",
        "confidence_threshold": 0.7
      }
    }
  ]
}


def guardrails_has_tripwire(results):
  return any(r.tripwire_triggered is True for r in (results or []))


def get_guardrail_safe_text(results, fallback_text):
  return fallback_text


def build_guardrail_fail_output(results):
  return {"failed": True}


my_agent = Agent(
  name="My agent",
  instructions="You are a helpful assistant.",
  model="gpt-4.1-mini"
)


class WorkflowInput(BaseModel):
  input_as_text: str


async def run_workflow(workflow_input: WorkflowInput):
  with trace("Guarded"):
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
    guardrails_inputtext = workflow["input_as_text"]
    guardrails_result = await run_guardrails(ctx, guardrails_inputtext, "text/plain", instantiate_guardrails(load_config_bundle(jailbreak_guardrail_config)), suppress_tripwire=True)
    guardrails_hastripwire = guardrails_has_tripwire(guardrails_result)
    guardrails_anonymizedtext = get_guardrail_safe_text(guardrails_result, guardrails_inputtext)
    guardrails_output = (guardrails_hastripwire and build_guardrail_fail_output(guardrails_result or [])) or (guardrails_anonymizedtext or guardrails_inputtext)
    if guardrails_hastripwire:
      return {"message": "I can not talk about that."}
    else:
      my_agent_result_temp = await Runner.run(
        my_agent,
        input=[
          *conversation_history
        ]
      )
      return {"output_text": my_agent_result_temp.final_output_as(str)}
