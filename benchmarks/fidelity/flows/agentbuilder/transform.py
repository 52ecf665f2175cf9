from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

first = Agent(
  name="First",
  instructions="List three words.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

second = Agent(
  name="Second",
  instructions="Make a sentence.",
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
  with trace("Transform"):
    state = {"total": 1}
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
    first_result_temp = await Runner.run(
      first,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    conversation_history.extend([item.to_input_item() for item in first_result_temp.new_items])
    first_result = {
      "output_text": first_result_temp.final_output_as(str)
    }
    transform_result = {"words": first_result["output_text"].upper(), "count": len(first_result["output_text"].split())}
    state["total"] = state["total"] + transform_result["count"]
    second_result_temp = await Runner.run(
      second,
      input=[
        {
          "role": "user",
          "content": [
            {
              "type": "input_text",
              "text": f"{transform_result['words']} ({state['total']})"
            }
          ]
        }
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    second_result = {
      "output_text": second_result_temp.final_output_as(str)
    }
    return {"sentence": second_result["output_text"], "total": state["total"]}
