from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

draft = Agent(
  name="Draft",
  instructions="Draft a letter.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

send = Agent(
  name="Send",
  instructions="Say that it was sent.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)


def approval_request(message: str):
  # TODO: Implement
  return True


class WorkflowInput(BaseModel):
  input_as_text: str


async def run_workflow(workflow_input: WorkflowInput):
  with trace("Approval"):
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
    draft_result_temp = await Runner.run(
      draft,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    conversation_history.extend([item.to_input_item() for item in draft_result_temp.new_items])
    draft_result = {
      "output_text": draft_result_temp.final_output_as(str)
    }
    approval_message = "Shall this be sent?"

    if approval_request(approval_message):
      send_result_temp = await Runner.run(
        send,
        input=[
          *conversation_history
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in send_result_temp.new_items])
      send_result = {
        "output_text": send_result_temp.final_output_as(str)
      }
      return send_result
    else:
      end_result = {
        "message": "It was not sent."
      }
      return end_result
