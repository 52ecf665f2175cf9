import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";
const ClassifierSchema = z.object({ classification: z.string() });

const classifier = new Agent({
  name: "Classifier",
  instructions: "Classify the request as refund, question or other.",
  model: "gpt-4.1-mini",
  outputType: ClassifierSchema,
  modelSettings: {
    temperature: 0,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

type WorkflowInput = { input_as_text: string };

// Main code entrypoint
export const runWorkflow = async (workflow: WorkflowInput) => {
  return await withTrace("Structured", async () => {
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
    const classifierResultTemp = await runner.run(
      classifier,
      [
        ...conversationHistory
      ]
    );
    conversationHistory.push(...classifierResultTemp.newItems.map((item) => item.rawItem));

    if (!classifierResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const classifierResult = {
      output_text: JSON.stringify(classifierResultTemp.finalOutput),
      output_parsed: classifierResultTemp.finalOutput
    };
    return classifierResult;
  });
}
