import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";
const ClassifierSchema = z.object({ classification: z.string() });
interface WriterContext {
  stateTone: string;
}
const writerInstructions = (runContext: RunContext<WriterContext>, _agent: Agent<WriterContext>) => {
  const { stateTone } = runContext.context;
  return `Write in a ${stateTone} tone.`
}

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

const apology = new Agent({
  name: "Apology",
  instructions: "Apologise in one sentence.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const writer = new Agent({
  name: "Writer",
  instructions: writerInstructions,
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
  return await withTrace("Join", async () => {
    const state = {
      tone: null
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
      const apologyResultTemp = await runner.run(
        apology,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...apologyResultTemp.newItems.map((item) => item.rawItem));

      if (!apologyResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const apologyResult = {
        output_text: apologyResultTemp.finalOutput ?? ""
      };
      state.tone = apologyResult.output_text;
    } else if (classifierResult.output_parsed.classification == "question") {
      state.tone = "clear";
    } else {
      state.tone = workflow.input_as_text;
    }
    const writerResultTemp = await runner.run(
      writer,
      [
        ...conversationHistory
      ],
      { context: { stateTone: state.tone } }
    );
    conversationHistory.push(...writerResultTemp.newItems.map((item) => item.rawItem));

    if (!writerResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const writerResult = {
      output_text: writerResultTemp.finalOutput ?? ""
    };
    return writerResult;
  });
}
