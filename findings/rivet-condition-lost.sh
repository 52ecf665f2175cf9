#!/usr/bin/env bash
# @ironclad/rivet-node 1.19.1: a node's own condition is lost when the project is saved.
#
# A node with `isConditional` runs only where its port `$if` brings something true. The project file (version 4) has no
# place for that flag: after serializeProject and deserializeProject the line to `$if` is still there, the flag is not,
# and the node runs whatever its condition says. Nothing warns of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true, "type": "module", "dependencies": {"@ironclad/rivet-node": "1.19.1"}}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts
cat > lost.mjs <<'JS'
import { deserializeProject, runGraph, serializeProject } from "@ironclad/rivet-node";

const node = (id, type, data, more = {}) => ({ id, type, title: id, data, visualData: { x: 0, y: 0 }, ...more });
const line = (from, output, to, input) => ({ outputNodeId: from, outputId: output, inputNodeId: to, inputId: input });
const graph = {
  metadata: { id: "g", name: "g", description: "" },
  nodes: [
    node("no", "boolean", { value: false }),
    node("say", "text", { text: "said" }, { isConditional: true }),
    node("out", "graphOutput", { id: "output", dataType: "string" }),
  ],
  connections: [line("no", "value", "say", "$if"), line("say", "output", "out", "value")],
};
const metadata = { id: "p", title: "p", description: "", mainGraphId: "g" };
const project = { metadata, plugins: [], graphs: { g: graph } };
const [saved] = deserializeProject(serializeProject(project));
const outputs = [];
for (const each of [project, saved]) {
  const found = await runGraph(each, { graph: "g", inputs: {}, openAiKey: "none" });
  outputs.push(found.output.type);
}
console.log("before saving:", outputs[0], "| after saving and loading:", outputs[1]);
if (outputs[0] !== "control-flow-excluded" || outputs[1] !== "string") throw new Error("the behaviour has changed");
process.exit(0);
JS
node lost.mjs
