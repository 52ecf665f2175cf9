import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";
const OrderSchema = z.object({ product: z.string(), amount: z.number().describe("In euros"), urgent: z.boolean(), notes: z.array(z.string()) });

const order = new Agent({
  name: "Order",
  instructions: "Read the order.",
  model: "gpt-4.1-mini",
  outputType: OrderSchema,
  modelSettings: {
    temperature: 0,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const boss = new Agent({
  name: "Boss",
  instructions: "Look at this large order.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const clerk = new Agent({
  name: "Clerk",
  instructions: "Confirm the order.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

type WorkflowInput = { input_as_text: string };

// Main code entrypoint
export const runWorkflow = async (workflow: WorkflowInput) => {
  return await withTrace("Fields", async () => {
    const state = {
      
    };
    const conversationHistory: AgentInputItem[] = [
      { role: "user", content: [{ type: "input_text", text: workflow.input_as_text }] }
    ];
    const runner = new Runner({
      traceMetadata: {
        __trace_source__: "agent-builder",
        workflow_id: "wf_example"
      }
    });
    const orderResultTemp = await runner.run(
      order,
      [
        ...conversationHistory
      ]
    );
    conversationHistory.push(...orderResultTemp.newItems.map((item) => item.rawItem));

    if (!orderResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const orderResult = {
      output_text: JSON.stringify(orderResultTemp.finalOutput),
      output_parsed: orderResultTemp.finalOutput
    };
    if (orderResult.output_parsed.amount > 100 && orderResult.output_parsed.urgent === true) {
      const bossResultTemp = await runner.run(
        boss,
        [
          ...conversationHistory,
          { role: "user", content: [{ type: "input_text", text: `Order: ${orderResult.output_parsed.product} for ${orderResult.output_parsed.amount}, urgent: ${orderResult.output_parsed.urgent}` }] }
        ]
      );
      conversationHistory.push(...bossResultTemp.newItems.map((item) => item.rawItem));

      if (!bossResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const bossResult = {
        output_text: bossResultTemp.finalOutput ?? ""
      };
      return bossResult;
    } else if (orderResult.output_parsed.amount <= 0 || orderResult.output_parsed.product.includes("gift")) {
      return { message: `Nothing to pay for ${orderResult.output_parsed.product}.` };
    } else {
      const clerkResultTemp = await runner.run(
        clerk,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...clerkResultTemp.newItems.map((item) => item.rawItem));

      if (!clerkResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const clerkResult = {
        output_text: clerkResultTemp.finalOutput ?? ""
      };
      return clerkResult;
    }
  });
}
