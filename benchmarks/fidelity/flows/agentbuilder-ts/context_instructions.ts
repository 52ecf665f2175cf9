import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";
interface GreeterContext {
  stateCity: string;
  workflowInputAsText: string;
}
const greeterInstructions = (runContext: RunContext<GreeterContext>, _agent: Agent<GreeterContext>) => {
  const { stateCity, workflowInputAsText } = runContext.context;
  return `You greet people from ${stateCity}.
Write {{name}} for their name. They said: ${workflowInputAsText}`
}

const greeter = new Agent({
  name: "Greeter",
  instructions: greeterInstructions,
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
  return await withTrace("Greeter", async () => {
    const state = {
      city: "Nairobi"
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
    const greeterResultTemp = await runner.run(
      greeter,
      [
        ...conversationHistory
      ],
      { context: { stateCity: state.city, workflowInputAsText: workflow.input_as_text } }
    );
    conversationHistory.push(...greeterResultTemp.newItems.map((item) => item.rawItem));

    if (!greeterResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const greeterResult = {
      output_text: greeterResultTemp.finalOutput ?? ""
    };
    return greeterResult;
  });
}
