from agents import Agent, ModelSettings, TResponseInputItem, Runner, RunConfig, trace
from pydantic import BaseModel

class OrderSchema(BaseModel):
  product: str
  amount: float
  urgent: bool
  notes: list[str]


order = Agent(
  name="Order",
  instructions="Read the order.",
  model="gpt-4.1-mini",
  output_type=OrderSchema,
  model_settings=ModelSettings(
    temperature=0,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

boss = Agent(
  name="Boss",
  instructions="Look at this large order.",
  model="gpt-4.1-mini",
  model_settings=ModelSettings(
    temperature=1,
    top_p=1,
    max_tokens=2048,
    store=True
  )
)

clerk = Agent(
  name="Clerk",
  instructions="Confirm the order.",
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
  with trace("Fields"):
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
    order_result_temp = await Runner.run(
      order,
      input=[
        *conversation_history
      ],
      run_config=RunConfig(trace_metadata={
        "__trace_source__": "agent-builder",
        "workflow_id": "wf_example"
      })
    )
    conversation_history.extend([item.to_input_item() for item in order_result_temp.new_items])
    order_result = {
      "output_text": order_result_temp.final_output.json(),
      "output_parsed": order_result_temp.final_output.model_dump()
    }
    if order_result["output_parsed"]["amount"] > 100 and order_result["output_parsed"]["urgent"] == True:
      boss_result_temp = await Runner.run(
        boss,
        input=[
          *conversation_history,
          {
            "role": "user",
            "content": [
              {
                "type": "input_text",
                "text": f"Order: {order_result['output_parsed']['product']} for {order_result['output_parsed']['amount']}"
              }
            ]
          }
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in boss_result_temp.new_items])
      boss_result = {
        "output_text": boss_result_temp.final_output_as(str)
      }
      return boss_result
    elif order_result["output_parsed"]["amount"] <= 0 or "gift" in order_result["output_parsed"]["product"]:
      return {"message": f"Nothing to pay for {order_result['output_parsed']['product']}."}
    else:
      clerk_result_temp = await Runner.run(
        clerk,
        input=[
          *conversation_history
        ],
        run_config=RunConfig(trace_metadata={
          "__trace_source__": "agent-builder",
          "workflow_id": "wf_example"
        })
      )
      conversation_history.extend([item.to_input_item() for item in clerk_result_temp.new_items])
      clerk_result = {
        "output_text": clerk_result_temp.final_output_as(str)
      }
      return clerk_result
