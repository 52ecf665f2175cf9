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

const refunds = new Agent({
  name: "Refunds",
  instructions: "You handle refunds.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const answers = new Agent({
  name: "Answers",
  instructions: "You answer questions.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 0.5,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

type WorkflowInput = { input_as_text: string };

// Main code entrypoint
export const runWorkflow = async (workflow: WorkflowInput) => {
  return await withTrace("Router", async () => {
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
    if (classifierResult.output_parsed.classification == "refund") {
      const refundsResultTemp = await runner.run(
        refunds,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...refundsResultTemp.newItems.map((item) => item.rawItem));

      if (!refundsResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const refundsResult = {
        output_text: refundsResultTemp.finalOutput ?? ""
      };
      return refundsResult;
    } else if (classifierResult.output_parsed.classification == "question") {
      const answersResultTemp = await runner.run(
        answers,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...answersResultTemp.newItems.map((item) => item.rawItem));

      if (!answersResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const answersResult = {
        output_text: answersResultTemp.finalOutput ?? ""
      };
      return answersResult;
    } else {
      const endResult = {
        message: "Please write to our office."
      };
      return endResult;
    }
  });
}
