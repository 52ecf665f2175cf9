from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

class JudgeSchema(BaseModel):
  good: bool


writer = Agent(
  name="Writer",
  instructions="Write a slogan.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

judge = Agent(
  name="Judge",
  instructions="Judge the slogan.",
  model="gpt-4.1-mini",
  output_type=JudgeSchema,
  model_settings=ModelSettings(
    temperature=0,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)


class WorkflowInput(BaseModel):
  input_as_text: str


async def run_workflow(workflow_input: WorkflowInput):
  with trace("Loop"):
    state = {"tries": 0, "good": False}
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
    while state["tries"] < 3 and state["good"] == False:
      writer_result_temp = await Runner.run(
        writer,
        input=[
          *conversation_history
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in writer_result_temp.new_items])
      writer_result = {
        "output_text": writer_result_temp.final_output_as(str)
      }
      judge_result_temp = await Runner.run(
        judge,
        input=[
          *conversation_history
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in judge_result_temp.new_items])
      judge_result = {
        "output_text": judge_result_temp.final_output.json(),
        "output_parsed": judge_result_temp.final_output.model_dump()
      }
      state["tries"] = state["tries"] + 1
      state["good"] = judge_result["output_parsed"]["good"]
    return {"message": f"{state['tries']} tries: {state['good']}"}
