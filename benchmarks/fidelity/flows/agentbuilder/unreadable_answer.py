from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

class ClassifierSchema(BaseModel):
  classification: str


classifier = Agent(
  name="Classifier",
  instructions="Classify the request as refund, question or other.",
  model="gpt-4.1",
  output_type=ClassifierSchema,
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
  with trace("Unreadable"):
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
    classifier_result_temp = await Runner.run(
      classifier,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    conversation_history.extend([item.to_input_item() for item in classifier_result_temp.new_items])
    classifier_result = {
      "output_text": classifier_result_temp.final_output.json(),
      "output_parsed": classifier_result_temp.final_output.model_dump()
    }
    return classifier_result
