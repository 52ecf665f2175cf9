// Workflows of n8n, run by its own engine and nodes, without its server.
//
// The run starts at the chat, manual or webhook trigger with what the case says; credentials of every kind hold the
// scripted model's address and the key of the job. The answer is what a chat shows of the last node's first item.
// Code nodes need n8n's task runners, which its server starts, so flows with them are derived by hand.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/run.mjs`);
console.log = console.info = console.warn = console.debug = (...all) => console.error(...all);
process.env.N8N_RUNNERS_ENABLED = "false";
process.env.N8N_USER_FOLDER = process.cwd();
// Native modules are not built here; no flow of ours stores anything.
const Module = require("node:module");
const load = Module._load;
Module._load = (name, ...rest) => (["sqlite3", "isolated-vm"].includes(name) ? {} : load(name, ...rest));
const HERE = "http://127.0.0.1";
require("reflect-metadata");
const { ExecutionLifecycleHooks, WorkflowExecute } = require("n8n-core");
const { createRunExecutionData, NodeHelpers, Workflow } = require("n8n-workflow");

const home = (name) => `${process.cwd()}/node_modules/${name}`;
const packages = ["n8n-nodes-base", "@n8n/n8n-nodes-langchain"];
const known = Object.fromEntries(packages.map((name) => [name, require(`${home(name)}/dist/known/nodes.json`)]));
const loaded = {};
const nodeType = (type) => {
  if (!loaded[type]) {
    const [name, short] = [type.slice(0, type.lastIndexOf(".")), type.slice(type.lastIndexOf(".") + 1)];
    const place = known[name]?.[short];
    if (!place) throw new Error(`unknown node ${type}`);
    loaded[type] = new (require(`${home(name)}/${place.sourcePath}`)[place.className])();
  }
  return loaded[type];
};
const nodeTypes = {
  getByName: nodeType,
  getByNameAndVersion: (type, version) => NodeHelpers.getVersionedNodeType(nodeType(type), version),
  getKnownTypes: () => ({}),
};

const shown = (json) => {
  for (const name of ["output", "text", "message"]) {
    if (typeof json?.[name] === "string") return json[name];
    if (json?.[name] !== undefined) return JSON.stringify(json[name]);
  }
  const values = Object.values(json ?? {});
  return values.length === 1 && typeof values[0] === "string" ? values[0] : JSON.stringify(json);
};

// A workflow that was just imported names no accounts: a person chooses them, in the nodes that ask for one.
const chooseAccounts = (nodes) => {
  for (const node of nodes.filter((each) => /\.(lm|embeddings)/.test(each.type) && !each.credentials)) {
    const asked = nodeTypes.getByNameAndVersion(node.type, node.typeVersion).description.credentials ?? [];
    node.credentials = Object.fromEntries(asked.map(({ name }) => [name, { id: "1", name: "Account" }]));
  }
};

const run = async (job) => {
  try {
    const flow = JSON.parse(readFileSync(job.flow, "utf8"));
    chooseAccounts(flow.nodes);
    const settings = { executionOrder: "v1", ...flow.settings };
    const workflow = new Workflow({ id: "w", name: flow.name, nodes: flow.nodes, connections: flow.connections, active: false, nodeTypes, settings });
    const start = flow.nodes.find((node) => /trigger|webhook/i.test(node.type));
    const secret = { apiKey: job.key, url: job.model };
    const credentialsHelper = {
      getDecrypted: async () => secret,
      getCredentials: async () => ({ id: "1", name: "x", type: "x", data: "" }),
      isCredentialUsableByNode: () => true,
      getParentTypes: () => [],
      authenticate: async (_, __, options) => options,
      preAuthentication: async () => undefined,
      runPreAuthentication: async () => undefined,
      updateCredentials: async () => undefined,
      getCredentialsProperties: () => [],
    };
    const hooks = new ExecutionLifecycleHooks("trigger", "1", { id: "w", name: "w", nodes: flow.nodes, connections: flow.connections, settings });
    const additionalData = {
      credentialsHelper, hooks, executionId: "1", restApiUrl: HERE, instanceBaseUrl: HERE, formWaitingBaseUrl: HERE, webhookBaseUrl: HERE,
      webhookWaitingBaseUrl: HERE, webhookTestBaseUrl: HERE, variables: {}, currentNodeParameters: undefined,
      executeWorkflow: async () => { throw new Error("no other workflows here"); },
      logAiEvent: () => undefined, setExecutionStatus: () => undefined, getRunExecutionData: () => undefined,
      externalSecretsProxy: { hasProvider: () => false }, startRunnerTask: async () => { throw new Error("no task runner"); },
    };
    const chat = { sessionId: job.key, action: "sendMessage", chatInput: job.said, ...job.inputs };
    const first = /webhook/i.test(start.type) ? { headers: {}, params: {}, query: {}, body: { ...job.inputs, message: job.said } } : chat;
    const data = createRunExecutionData({
      executionData: { nodeExecutionStack: [{ node: start, data: { main: [[{ json: first }]] }, source: null }] },
    });
    const result = await new WorkflowExecute(additionalData, "trigger", data).processRunExecutionData(workflow);
    const { error, runData, lastNodeExecuted } = result.data.resultData;
    if (error) return { answer: null, error: `${error.message} ${error.description ?? ""} ${error.cause?.stack ?? error.stack}` };
    const runs = runData[lastNodeExecuted];
    const last = (runs[runs.length - 1].data?.main ?? []).find((items) => items?.length);
    return { answer: last ? shown(last[0].json) : null, error: "" };
  } catch (error) {
    return { answer: null, error: String(error.stack) };
  }
};

const jobs = JSON.parse(readFileSync(0, "utf8"));
const done = [];
for (const job of jobs) done.push(await run(job));
// What is long goes out in pieces, and would be cut off by an exit before the last.
process.stdout.write(JSON.stringify(done) + "\n", () => process.exit(0));
