import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";
const JudgeSchema = z.object({ good: z.boolean() });

const writer = new Agent({
  name: "Writer",
  instructions: "Write a slogan.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const judge = new Agent({
  name: "Judge",
  instructions: "Judge the slogan.",
  model: "gpt-4.1-mini",
  outputType: JudgeSchema,
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
  return await withTrace("Loop", async () => {
    const state = {
      tries: 0,
      good: false
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
    while (state.tries < 3 && state.good == false) {
      const writerResultTemp = await runner.run(
        writer,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...writerResultTemp.newItems.map((item) => item.rawItem));

      if (!writerResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const writerResult = {
        output_text: writerResultTemp.finalOutput ?? ""
      };
      const judgeResultTemp = await runner.run(
        judge,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...judgeResultTemp.newItems.map((item) => item.rawItem));

      if (!judgeResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const judgeResult = {
        output_text: JSON.stringify(judgeResultTemp.finalOutput),
        output_parsed: judgeResultTemp.finalOutput
      };
      state.tries = state.tries + 1;
      state.good = judgeResult.output_parsed.good;
    }
    return { message: `${state.tries} tries: ${state.good}` };
  });
}
