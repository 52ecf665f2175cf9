import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";
const TriageSchema = z.object({ has_details: z.boolean(), area: z.enum(["home", "work"]) });

const triage = new Agent({
  name: "Triage",
  instructions: "Triage.",
  model: "gpt-4.1-mini",
  outputType: TriageSchema,
  modelSettings: {
    temperature: 0,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const home = new Agent({
  name: "Home",
  instructions: "Home things.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const work = new Agent({
  name: "Work",
  instructions: "Work things.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const ask = new Agent({
  name: "Ask",
  instructions: "Ask for details.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const close = new Agent({
  name: "Close",
  instructions: "Say goodbye.",
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
  return await withTrace("Nested", async () => {
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
    const triageResultTemp = await runner.run(
      triage,
      [
        ...conversationHistory
      ]
    );
    conversationHistory.push(...triageResultTemp.newItems.map((item) => item.rawItem));

    if (!triageResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const triageResult = {
      output_text: JSON.stringify(triageResultTemp.finalOutput),
      output_parsed: triageResultTemp.finalOutput
    };
    if (triageResult.output_parsed.has_details == true) {
      if (triageResult.output_parsed.area == "home") {
        const homeResultTemp = await runner.run(
          home,
          [
            ...conversationHistory
          ]
        );
        conversationHistory.push(...homeResultTemp.newItems.map((item) => item.rawItem));

        if (!homeResultTemp.finalOutput) {
            throw new Error("Agent result is undefined");
        }

        const homeResult = {
          output_text: homeResultTemp.finalOutput ?? ""
        };
      } else {
        const workResultTemp = await runner.run(
          work,
          [
            ...conversationHistory
          ]
        );
        conversationHistory.push(...workResultTemp.newItems.map((item) => item.rawItem));

        if (!workResultTemp.finalOutput) {
            throw new Error("Agent result is undefined");
        }

        const workResult = {
          output_text: workResultTemp.finalOutput ?? ""
        };
      }
    } else {
      const askResultTemp = await runner.run(
        ask,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...askResultTemp.newItems.map((item) => item.rawItem));

      if (!askResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const askResult = {
        output_text: askResultTemp.finalOutput ?? ""
      };
      return askResult;
    }
    const closeResultTemp = await runner.run(
      close,
      [
        ...conversationHistory
      ]
    );
    conversationHistory.push(...closeResultTemp.newItems.map((item) => item.rawItem));

    if (!closeResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const closeResult = {
      output_text: closeResultTemp.finalOutput ?? ""
    };
    return closeResult;
  });
}
