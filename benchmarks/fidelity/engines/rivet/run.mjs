// Projects of Rivet, run by its own engine. What the case says is the first input of the main graph; its answer is
// the output called `output`, or the first there is.
import { readFileSync } from "node:fs";
import { loadProjectFromFile, runGraph } from "@ironclad/rivet-node";

console.log = console.info = console.warn = console.debug = (...all) => console.error(...all);
const jobs = JSON.parse(readFileSync(0, "utf8"));
const done = [];
for (const job of jobs) {
  try {
    const project = await loadProjectFromFile(job.flow);
    const graph = project.graphs[project.metadata.mainGraphId] ?? Object.values(project.graphs)[0];
    const wanted = graph.nodes.filter((node) => node.type === "graphInput").map((node) => node.data.id);
    const inputs = { ...job.inputs };
    if (wanted.length) inputs[wanted[0]] = job.said;
    const found = await runGraph(project, {
      graph: graph.metadata.id, inputs, openAiKey: job.key, openAiEndpoint: `${job.model}/chat/completions`,
    });
    const outputs = Object.fromEntries(Object.entries(found).filter(([name]) => name !== "cost"));
    const first = outputs.output ?? Object.values(outputs)[0];
    // Where no branch reaches the output there is nothing to say.
    const value = first?.type === "control-flow-excluded" ? "" : first?.value;
    done.push({ answer: value === undefined || value === null ? null : typeof value === "string" ? value : JSON.stringify(value), error: "" });
  } catch (error) {
    done.push({ answer: null, error: String(error.stack ?? error) });
  }
}
process.stdout.write(JSON.stringify(done) + "\n");
process.exit(0);
