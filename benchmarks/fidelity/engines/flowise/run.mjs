// Flows of Flowise, run by its own nodes, without its server.
//
// Every node is made and run by `flowise-components`. What the server does between them is here in a few lines, after
// its source (`buildChatflow` and `buildAgentflow`): which node is next, and what `{{…}}` in a setting stands for.
// Nothing is stored, so nothing was said before, and there are no variables of a workspace.
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/run.mjs`);
console.log = console.info = console.warn = console.debug = (...all) => console.error(...all);
// Services of one's own network are what the samples ask.
process.env.HTTP_SECURITY_CHECK = "false";
// Packages that the nodes name and their own package does not: stores of files and logs in clouds, used by no flow of ours.
const UNDECLARED = /^(multer|winston-azure-blob|winston-daily-rotate-file|s3-streamlogger|@google-cloud\/logging-winston|@opentelemetry\/(instrumentation|sdk-trace-node)$)/;
const Module = require("node:module");
const load = Module._load;
const nobody = () => new Proxy(class {}, { get: (kind, name) => (name in kind ? kind[name] : typeof name === "string" && name !== "__esModule" ? class {} : undefined) });
Module._load = (name, ...rest) => (UNDECLARED.test(name) ? nobody() : load(name, ...rest));
// Tokens are counted by tables that LangChain fetches, again and again where it cannot; a package here holds the same.
const fetched = globalThis.fetch;
const TABLES = "https://tiktoken.pages.dev/js/";
globalThis.fetch = async (address, ...rest) => {
  if (!String(address).startsWith(TABLES)) return fetched(address, ...rest);
  const table = require(`js-tiktoken/ranks/${String(address).slice(TABLES.length).replace(".json", "")}`);
  return new Response(JSON.stringify(table.default ?? table));
};
const home = `${process.cwd()}/node_modules/flowise-components/dist/nodes`;
const get = require("lodash/get.js");
const Turndown = require("turndown");

const WANTED = new Set(["agentflow", "chains", "chatmodels", "memory", "prompts", "agents", "tools", "embeddings", "vectorstores", "documentloaders", "textsplitters", "retrievers", "utilities", "outputparsers"]);
const found = async (folder) => {
  const paths = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && (folder !== home || WANTED.has(entry.name))) paths.push(...(await found(path)));
    else if (entry.name.endsWith(".js")) paths.push(path);
  }
  return paths;
};
const names = new Map();
for (const path of await found(home)) {
  // A node is loaded when a flow has it; its name stands in its program.
  const text = readFileSync(path, "utf8");
  const name = text.includes("nodeClass") && /this\.name = ['"]([^'"]+)['"]/.exec(text);
  if (name) names.set(name[1], path);
}
const made = (name) => {
  if (!names.has(name)) throw new Error(`unknown node ${name}`);
  return new (require(names.get(name)).nodeClass)();
};
const componentNodes = new Proxy({}, {
  get: (_, name) => (typeof name === "string" && names.has(name) ? Object.assign(made(name), { filePath: names.get(name) }) : undefined),
});

const nothing = { find: async () => [], findBy: async () => [], findOne: async () => null, findOneBy: async () => null };
const optionsOf = (job) => ({
  chatflowid: job.key, chatId: job.key, sessionId: job.key, orgId: "o", workspaceId: "w", apiMessageId: "m",
  appDataSource: { getRepository: () => nothing }, databaseEntities: new Proxy({}, { get: (_, name) => name }),
  logger: { ...console, verbose: () => undefined }, componentNodes, pastChatHistory: [], prependedChatHistory: [], baseURL: "", uploads: [],
  cachePool: { getLLMCache: async () => undefined, addLLMCache: async () => undefined, addEmbeddingCache: async () => undefined, getEmbeddingCache: async () => undefined },
});

// -- chatflows: each node is made with those that lead into it, and the last is run

const chatflow = async (flow, job) => {
  const instances = new Map();
  const nodes = new Map(flow.nodes.map((node) => [node.id, node]));
  const options = { ...optionsOf(job), sessionId: job.key };
  const resolved = async (value) => {
    if (Array.isArray(value)) return Promise.all(value.map(resolved));
    if (typeof value !== "string") return value;
    const one = /^\{\{([^}]+)\.data\.instance\}\}$/.exec(value.trim());
    if (one) return instance(one[1]);
    return value.replaceAll("{{question}}", job.said).replaceAll("{{chat_history}}", "");
  };
  const dataOf = async (node) => {
    const inputs = {};
    const lines = flow.edges.filter((edge) => edge.target === node.id).map((edge) => [/-input-([^-]+)-/.exec(edge.targetHandle)?.[1], `{{${edge.source}.data.instance}}`]);
    for (const line of lines) if (line[0] === "tools") line[1] = lines.filter(([name]) => name === "tools").map((each) => [each[1]].flat()[0]);
    const given = { ...Object.fromEntries(lines.filter(([name]) => name && !(name in (node.data.inputs ?? {})))), ...node.data.inputs };
    for (const [name, value] of Object.entries(given)) {
      // What a prompt is told of its values is a text of JSON, and names outputs within it.
      inputs[name] = name === "promptValues" ? await promptValues(value) : await resolved(value);
    }
    // Which of its outputs a node gives is kept with it; where it is not, the line that leaves it says.
    const leaves = flow.edges.find((edge) => edge.source === node.id)?.sourceHandle;
    const output = /-output-([^-]+)-/.exec(leaves ?? "")?.[1] ?? node.data.name;
    return { ...node.data, inputs, outputs: node.data.outputs ?? { output } };
  };
  const promptValues = async (value) => {
    if (typeof value !== "string" || !value.trim()) return value;
    const parsed = JSON.parse(value);
    for (const [name, each] of Object.entries(parsed)) parsed[name] = await resolved(each);
    return parsed;
  };
  const instance = async (id) => {
    if (!instances.has(id)) instances.set(id, await made(nodes.get(id).data.name).init(await dataOf(nodes.get(id)), job.said, options));
    return instances.get(id);
  };
  const [last] = flow.nodes.filter((node) => !flow.edges.some((edge) => edge.source === node.id));
  const data = await dataOf(last);
  const node = made(last.data.name);
  if (node.init) data.instance = await node.init(data, job.said, options);
  const answer = await node.run(data, job.said, options);
  if (typeof answer === "string") return answer;
  return answer?.text ?? (answer?.json ? JSON.stringify(answer.json) : String(answer ?? ""));
};

// -- agentflows: a queue of nodes, each run once all that it waits for is there

const CHOICES = new Set(["conditionAgentflow", "conditionAgentAgentflow", "humanInputAgentflow"]);
const shown = (value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : value);

const replaced = (value, run) => {
  if (Array.isArray(value)) return value.map((each) => replaced(each, run));
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each, run)]));
  if (typeof value !== "string") return value;
  if (/<\/?[a-z][\s\S]*>/i.test(value)) {
    const reader = new Turndown();
    reader.escape = (text) => text;
    value = reader.turndown(value);
  }
  for (const match of value.match(/{{(.*?)}}/g) ?? []) {
    const name = match.replace(/[{}\\]/g, "").trim();
    const whole = value === match;
    const known = named(name, run, whole);
    if (known !== undefined) value = whole && name.includes(".output.") ? known : String(value).replace(match, () => String(known));
  }
  return value;
};

const named = (name, run) => {
  if (name === "question") return run.question;
  if (name === "chat_history") return "";
  if (name === "runtime_messages_length") return Math.max(0, run.runtime.chatHistory.length - 1);
  if (name === "loop_count") return run.loops.get(run.executed.findLast((each) => each.data.name === "loopAgentflow")?.nodeId) ?? 0;
  if (name.startsWith("$form.")) return shown(get(run.form, name.slice(6))) ?? undefined;
  if (name.startsWith("$flow.")) return shown(get({ ...run.flow, state: run.runtime.state }, name.slice(6))) ?? undefined;
  if (name.startsWith("$iteration") && run.item?.value) return typeof run.item.value === "object" && name !== "$iteration" ? shown(get(run.item.value, name.slice(11))) : shown(run.item.value);
  const [, id, path] = /^(.*?)\.output\.(.+)$/.exec(name) ?? [];
  const output = (wanted) => run.executed.findLast((each) => each.nodeId === wanted)?.data?.output;
  if (id && get(output(id), path) !== undefined) return shown(get(output(id), path));
  const said = output(name);
  return said === undefined ? undefined : shown(said.content ?? said.http?.data) ?? undefined;
};

const parentChoice = (id, flow) => {
  const seen = new Set();
  for (let at = id; at && !seen.has(at); at = flow.edges.find((edge) => edge.target === at)?.source) {
    seen.add(at);
    if (CHOICES.has(flow.nodes.find((node) => node.id === at)?.data.name)) return at;
  }
};

const waitsFor = (id, flow) => {
  const all = [], groups = new Map();
  for (const edge of flow.edges.filter((each) => each.target === id)) {
    const choice = parentChoice(edge.source, flow);
    if (choice) groups.set(choice, [...(groups.get(choice) ?? []), edge.source]);
    else all.push([edge.source]);
  }
  return { needs: [...all, ...groups.values()], came: new Set() };
};

const agentflow = async (flow, job, outer) => {
  const question = Object.keys(job.inputs ?? {}).length ? "" : job.said;
  const run = {
    question, form: job.inputs ?? {}, executed: outer?.executed.slice() ?? [], loops: new Map(), item: outer?.item,
    runtime: outer?.runtime ?? { state: {}, chatHistory: [], form: job.inputs ?? {} },
    flow: { chatflowid: job.key, chatflowId: job.key, chatId: job.key, sessionId: job.key },
  };
  const first = outer ? flow.nodes.filter((node) => !flow.edges.some((edge) => edge.target === node.id)) : flow.nodes.filter((node) => node.data.name === "startAgentflow");
  const queue = first.map((node) => node.id), waiting = new Map(), answers = [...(job.answers ?? [])];
  const before = run.executed.length;
  for (let steps = 0; queue.length; steps++) {
    if (steps > 200) throw new Error("too many steps");
    const next = queue.shift();
    const node = flow.nodes.find((each) => each.id === next);
    if (!node || node.data.name === "stickyNoteAgentflow") continue;
    const result = await executed(node, flow, job, run, answers);
    run.executed.push({ nodeId: node.id, data: result });
    if (result?.state) run.runtime.state = result.state;
    if (result?.chatHistory) run.runtime.chatHistory = [...run.runtime.chatHistory, ...result.chatHistory];
    if (result?.output?.form) run.runtime.form = run.form = result.output.form;
    after(node, result, flow, run, queue, waiting);
  }
  const last = run.executed.length > before ? run.executed.at(-1).data?.output : undefined;
  return { text: last?.content ?? " ", runtime: run.runtime, executed: run.executed };
};

const executed = async (node, flow, job, run, answers) => {
  const kind = made(node.data.name);
  const inputs = { ...node.data.inputs };
  for (const { name, acceptVariable } of kind.inputs ?? []) {
    const nested = (kind.inputs ?? []).find((each) => each.name === name)?.array?.some((each) => each.acceptVariable);
    if ((acceptVariable || nested) && name in inputs) inputs[name] = replaced(inputs[name], run);
  }
  const data = { ...node.data, inputs, inputParams: kind.inputs, outputs: node.data.outputs ?? {} };
  const input = run.question || Object.entries(run.form).map(([name, value]) => `${name}: ${value}`).join("\n");
  const options = {
    ...optionsOf(job), isLastNode: !flow.edges.some((edge) => edge.source === node.id), agentflowRuntime: run.runtime,
    iterationContext: run.item,
  };
  if (node.data.name === "humanInputAgentflow") {
    await kind.run(data, input, options);
    const given = answers.shift();
    const choice = typeof given === "object" ? given.choice : given;
    data.inputs = { ...inputs, humanInput: { type: /reject|declin/i.test(choice) ? "reject" : "proceed", startNodeId: node.id, feedback: given?.comment ?? "" } };
  }
  const result = await kind.run(data, input, options);
  if (node.data.name === "iterationAgentflow" && Array.isArray(result?.input?.iterationInput)) {
    const inside = flow.nodes.filter((each) => each.parentNode === node.id);
    const ids = new Set(inside.map((each) => each.id));
    const part = { nodes: inside, edges: flow.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)) };
    const said = [];
    for (const [index, value] of inside.length ? result.input.iterationInput.entries() : []) {
      const one = await agentflow(part, job, { item: { index, value }, executed: [], runtime: { ...run.runtime, chatHistory: [] } });
      said.push(one.text || "");
      run.runtime.state = { ...run.runtime.state, ...one.runtime.state };
    }
    result.output = { ...result.output, iterationResults: said, content: said.join("\n") };
  }
  return result;
};

const after = (node, result, flow, run, queue, waiting) => {
  const left = new Set();
  const conditions = CHOICES.has(node.data.name) ? result.output?.conditions ?? [] : [];
  if (conditions.length && !conditions.some((each) => each.isFulfilled)) conditions.at(-1).isFulfilled = true;
  conditions.forEach((each, index) => {
    const edge = each.isFulfilled ? undefined : flow.edges.find((one) => one.source === node.id && one.sourceHandle === `${node.id}-output-${index}`);
    if (edge) left.add(edge.target);
  });
  for (const target of flow.edges.filter((edge) => edge.source === node.id).map((edge) => edge.target)) {
    if (left.has(target)) continue;
    const waits = waiting.get(target) ?? waitsFor(target, flow);
    waiting.set(target, waits);
    waits.came.add(node.id);
    if (waits.needs.every((group) => group.some((each) => waits.came.has(each)))) {
      waiting.delete(target);
      queue.push(target);
    }
  }
  if (node.data.name === "loopAgentflow" && result.output?.nodeID) {
    const count = (run.loops.get(node.id) ?? 0) + 1;
    const most = result.output.maxLoopCount || 10;
    if (count < most) {
      run.loops.set(node.id, count);
      queue.push(result.output.nodeID);
    } else {
      result.output = { ...result.output, content: result.output.fallbackMessage || `Loop completed after reaching maximum iteration count of ${most}.` };
    }
  }
};

const jobs = JSON.parse(readFileSync(0, "utf8"));
const done = [];
for (const job of jobs) {
  process.env.OPENAI_API_KEY = job.key;
  process.env.OPENAI_BASE_URL = job.model;
  try {
    const flow = JSON.parse(readFileSync(job.flow, "utf8"));
    const isAgentflow = flow.nodes.some((node) => node.data.name === "startAgentflow");
    const answer = isAgentflow ? (await agentflow(flow, job)).text : await chatflow(flow, job);
    done.push({ answer: typeof answer === "string" ? answer : JSON.stringify(answer), error: "" });
  } catch (error) {
    done.push({ answer: null, error: String(error.stack ?? error) });
  }
}
process.stdout.write(JSON.stringify(done) + "\n", () => process.exit(0));
