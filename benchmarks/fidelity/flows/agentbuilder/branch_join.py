from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

class WriterContext:
  def __init__(self, state_tone: str):
    self.state_tone = state_tone


def writer_instructions(run_context, _agent):
  state_tone = run_context.context.state_tone
  return f"""Write in a {state_tone} tone."""


class ClassifierSchema(BaseModel):
  classification: str


classifier = Agent(
  name="Classifier",
  instructions="Classify the request as refund, question or other.",
  model="gpt-4.1-mini",
  output_type=ClassifierSchema,
  model_settings=ModelSettings(
    temperature=0,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

apology = Agent(
  name="Apology",
  instructions="Apologise in one sentence.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

writer = Agent(
  name="Writer",
  instructions=writer_instructions,
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
  with trace("Join"):
    state = {"tone": None}
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
    if classifier_result["output_parsed"]["classification"] == "refund":
      apology_result_temp = await Runner.run(
        apology,
        input=[
          *conversation_history
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in apology_result_temp.new_items])
      apology_result = {
        "output_text": apology_result_temp.final_output_as(str)
      }
      state["tone"] = apology_result["output_text"]
    elif classifier_result["output_parsed"]["classification"] == "question":
      state["tone"] = "clear"
    else:
      state["tone"] = workflow["input_as_text"]
    writer_result_temp = await Runner.run(
      writer,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      }),
      context=WriterContext(state_tone=state["tone"])
    )
    conversation_history.extend([item.to_input_item() for item in writer_result_temp.new_items])
    writer_result = {
      "output_text": writer_result_temp.final_output_as(str)
    }
    return writer_result
