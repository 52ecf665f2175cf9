import { Agent, AgentInputItem, RunContext, Runner, tool, withTrace } from "@openai/agents";
import { z } from "zod";

const draft = new Agent({
  name: "Draft",
  instructions: "Draft a letter.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const send = new Agent({
  name: "Send",
  instructions: "Say that it was sent.",
  model: "gpt-4.1-mini",
  modelSettings: {
    temperature: 1,
    topP: 1,
    maxTokens: 2048,
    store: true
  }
});

const approvalRequest = (message: string) => {

  // TODO: Implement
  return true;
}

type WorkflowInput = { input_as_text: string };

// Main code entrypoint
export const runWorkflow = async (workflow: WorkflowInput) => {
  return await withTrace("Approval", async () => {
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
    const draftResultTemp = await runner.run(
      draft,
      [
        ...conversationHistory
      ]
    );
    conversationHistory.push(...draftResultTemp.newItems.map((item) => item.rawItem));

    if (!draftResultTemp.finalOutput) {
        throw new Error("Agent result is undefined");
    }

    const draftResult = {
      output_text: draftResultTemp.finalOutput ?? ""
    };
    const approvalMessage = "Shall this be sent?";

    if (approvalRequest(approvalMessage)) {
      const sendResultTemp = await runner.run(
        send,
        [
          ...conversationHistory
        ]
      );
      conversationHistory.push(...sendResultTemp.newItems.map((item) => item.rawItem));

      if (!sendResultTemp.finalOutput) {
          throw new Error("Agent result is undefined");
      }

      const sendResult = {
        output_text: sendResultTemp.finalOutput ?? ""
      };
      return sendResult;
    } else {
      const endResult = {
        message: "It was not sent."
      };
      return endResult;
    }
  });
}
