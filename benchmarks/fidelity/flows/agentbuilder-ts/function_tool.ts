import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";
const addNumbers = tool({
  name: "add_numbers",
  description: "Adds",
  parameters: z.object({
    a: z.number(),
    b: z.number()
  }),
  execute: async (input: { a: number, b: number }) => {
    return input.a + input.b;
  },
});

const counter = new Agent({
  name: "Counter",
  instructions: "Use the tool.",
  model: "gpt-4.1-mini",
  tools: [
    addNumbers
  ],
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
  return await withTrace("Tool", async () => {
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
    const counterResultTemp = await runner.run(
      counter,
      [
        ...conversationHistory
      ]
    );
    conversationHistory.push(...counterResultTemp.newItems.map((item) => item.rawItem));

    if (!counterResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const counterResult = {
      output_text: counterResultTemp.finalOutput ?? ""
    };
    return counterResult;
  });
}
