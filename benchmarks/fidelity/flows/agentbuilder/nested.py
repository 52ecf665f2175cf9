from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from typing import Literal

from pydantic import BaseModel

class TriageSchema(BaseModel):
  has_details: bool
  area: Literal["home", "work"]


triage = Agent(
  name="Triage",
  instructions="Triage.",
  model="gpt-4.1-mini",
  output_type=TriageSchema,
  model_settings=ModelSettings(
    temperature=0,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

home = Agent(
  name="Home",
  instructions="Home things.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

work = Agent(
  name="Work",
  instructions="Work things.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

ask = Agent(
  name="Ask",
  instructions="Ask for details.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

close = Agent(
  name="Close",
  instructions="Say goodbye.",
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
  with trace("Nested"):
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
    triage_result_temp = await Runner.run(
      triage,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    conversation_history.extend([item.to_input_item() for item in triage_result_temp.new_items])
    triage_result = {
      "output_text": triage_result_temp.final_output.json(),
      "output_parsed": triage_result_temp.final_output.model_dump()
    }
    if not triage_result_temp.final_output:
      raise RuntimeError("Agent result is undefined")
    if triage_result["output_parsed"]["has_details"] == True:
      if triage_result["output_parsed"]["area"] == "home":
        home_result_temp = await Runner.run(
          home,
          input=[
            *conversation_history
          ],
          run_config=RunConfig(trace_metadata={
            "__trace_source__": "agent-builder",
            "workflow_id": "wf_example"
          })
        )
        conversation_history.extend([item.to_input_item() for item in home_result_temp.new_items])
        home_result = {
          "output_text": home_result_temp.final_output_as(str)
        }
      else:
        work_result_temp = await Runner.run(
          work,
          input=[
            *conversation_history
          ],
          run_config=RunConfig(trace_metadata={
            "__trace_source__": "agent-builder",
            "workflow_id": "wf_example"
          })
        )
        conversation_history.extend([item.to_input_item() for item in work_result_temp.new_items])
        work_result = {
          "output_text": work_result_temp.final_output_as(str)
        }
    else:
      ask_result_temp = await Runner.run(
        ask,
        input=[
          *conversation_history
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in ask_result_temp.new_items])
      ask_result = {
        "output_text": ask_result_temp.final_output_as(str)
      }
      return ask_result
    close_result_temp = await Runner.run(
      close,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    conversation_history.extend([item.to_input_item() for item in close_result_temp.new_items])
    close_result = {
      "output_text": close_result_temp.final_output_as(str)
    }
    return close_result
