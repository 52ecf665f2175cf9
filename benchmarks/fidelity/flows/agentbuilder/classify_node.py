from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

class ClassifySchema(BaseModel):
  category: str


classify = Agent(
  name="Classify",
  instructions="""# Task\nClassify the text.\n\n## Categories\n- billing\n- technical""",
  model="gpt-4.1-mini",
  output_type=ClassifySchema,
  model_settings=ModelSettings(
    temperature=0,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

billing = Agent(
  name="Billing",
  instructions="You do billing.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

technical = Agent(
  name="Technical",
  instructions="You mend things.",
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
  with trace("Classify"):
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
    classify_input = workflow["input_as_text"]
    classify_result_temp = await Runner.run(
      classify,
      input=[
        {
          "role": "user",
          "content": [
            {
              "type": "input_text",
              "text": f"{classify_input}"
            }
          ]
        }
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    classify_result = {
      "output_text": classify_result_temp.final_output.json(),
      "output_parsed": classify_result_temp.final_output.model_dump()
    }
    classify_category = classify_result["output_parsed"]["category"]
    classify_output = {"category": classify_category}
    if classify_category == "billing":
      billing_result_temp = await Runner.run(
        billing,
        input=[
          *conversation_history
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in billing_result_temp.new_items])
      billing_result = {
        "output_text": billing_result_temp.final_output_as(str)
      }
    else:
      technical_result_temp = await Runner.run(
        technical,
        input=[
          *conversation_history
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in technical_result_temp.new_items])
      technical_result = {
        "output_text": technical_result_temp.final_output_as(str)
      }
