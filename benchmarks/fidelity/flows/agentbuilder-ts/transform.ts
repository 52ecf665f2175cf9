import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";

const first = new Agent({
  name: "First",
  instructions: "List three words.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const second = new Agent({
  name: "Second",
  instructions: "Make a sentence.",
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
  return await withTrace("Transform", async () => {
    const state = {
      total: 1
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
    const firstResultTemp = await runner.run(
      first,
      [
        ...conversationHistory
      ]
    );
    conversationHistory.push(...firstResultTemp.newItems.map((item) => item.rawItem));

    if (!firstResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const firstResult = {
      output_text: firstResultTemp.finalOutput ?? ""
    };
    const transformResult = { words: firstResult.output_text.toUpperCase(), count: firstResult.output_text.split(" ").length };
    state.total = state.total + transformResult.count;
    const secondResultTemp = await runner.run(
      second,
      [
        { role: "user", content: [{ type: "input_text", text: `${transformResult.words} (${state.total})` }] }
      ]
    );

    if (!secondResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const secondResult = {
      output_text: secondResultTemp.finalOutput ?? ""
    };
    return { sentence: secondResult.output_text, total: state.total };
  });
}
