// Programs of Agent Builder in TypeScript, run by OpenAI's Agents SDK for JavaScript; see ../agentbuilder/run.py.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { OpenAI } from "openai";
import { transform } from "sucrase";
import { Runner, setDefaultOpenAIClient, setOpenAIAPI, setTracingDisabled } from "@openai/agents";

setTracingDisabled(true);
setOpenAIAPI("chat_completions");
// The SDK keeps its first client, so the key of each job is put into the requests.
let key = "";
const asJob = (url, init) => {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${key}`);
  return fetch(url, { ...init, headers });
};
let last = null;
const original = Runner.prototype.run;
Runner.prototype.run = async function (...given) {
  const result = await original.apply(this, given);
  last = result.finalOutput;
  return result;
};

const shown = (result) => {
  let value = result ?? last;
  if (value && typeof value === "object") {
    if ("output_text" in value) value = value.output_text;
    else if (Object.keys(value).length === 1) value = Object.values(value)[0];
  }
  return value === null || value === undefined || typeof value === "string" ? value ?? null : JSON.stringify(value);
};

const run = async (job, number) => {
  last = null;
  key = job.key;
  globalThis.caseAnswers = [...job.answers];
  try {
    // Every export holds a stub in place of the approval: here it takes the answers of the case.
    const program = readFileSync(job.flow, "utf8").replace(
      /(const approvalRequest\w* = \(message: string\) => \{)/g,
      '$1 return ["Approve", "approved"].includes((globalThis as any).caseAnswers.shift());',
    );
    const path = `${process.cwd()}/program-${number}.mjs`;
    writeFileSync(path, transform(program, { transforms: ["typescript"] }).code);
    const { runWorkflow } = await import(pathToFileURL(path).href);
    return { answer: shown(await runWorkflow({ input_as_text: job.said })), error: "" };
  } catch (error) {
    return { answer: null, error: String(error) };
  }
};

const jobs = JSON.parse(readFileSync(0, "utf8"));
if (jobs.length) {
  setDefaultOpenAIClient(new OpenAI({ baseURL: jobs[0].model, apiKey: "k", maxRetries: 0, fetch: asJob }));
}
const done = [];
for (const [number, job] of jobs.entries()) done.push(await run(job, number));
console.log(JSON.stringify(done));
process.exit(0);
