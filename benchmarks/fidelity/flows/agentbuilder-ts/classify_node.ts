import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";
const ClassifySchema = z.object({ category: z.enum(["billing", "technical"]) });

const classify = new Agent({
  name: "Classify",
  instructions: `# Task
Classify the text.

## Categories
- billing
- technical`,
  model: "gpt-4.1-mini",
  outputType: ClassifySchema,
  modelSettings: {
    temperature: 0,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const billing = new Agent({
  name: "Billing",
  instructions: "You do billing.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const technical = new Agent({
  name: "Technical",
  instructions: "You mend things.",
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
  return await withTrace("Classify", async () => {
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
    const classifyInput = workflow.input_as_text;
    const classifyResultTemp = await runner.run(
      classify,
      [
        { role: "user", content: [{ type: "input_text", text: `${classifyInput}` }] }
      ]
    );

    if (!classifyResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const classifyResult = {
      output_text: JSON.stringify(classifyResultTemp.finalOutput),
      output_parsed: classifyResultTemp.finalOutput
    };
    const classifyCategory = classifyResult.output_parsed.category;
    const classifyOutput = {"category": classifyCategory};

    if (classifyCategory == "billing") {
      const billingResultTemp = await runner.run(
        billing,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...billingResultTemp.newItems.map((item) => item.rawItem));

      if (!billingResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const billingResult = {
        output_text: billingResultTemp.finalOutput ?? ""
      };
    } else {
      const technicalResultTemp = await runner.run(
        technical,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...technicalResultTemp.newItems.map((item) => item.rawItem));

      if (!technicalResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const technicalResult = {
        output_text: technicalResultTemp.finalOutput ?? ""
      };
    }
  });
}
