#!/usr/bin/env bash
# flowise-components 3.1.4: installed by itself, it cannot be loaded, as it names packages that it does not depend on.
#
# Its program requires multer, winston-daily-rotate-file, turndown and others (stores of files in clouds, logs), which
# only the server of Flowise has among its dependencies. Whoever installs the package from the registry to run a node
# without that server finds out at the first require; `npm ls` and the installation say nothing. Takes 2 GB of disk.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true, "dependencies": {"flowise-components": "3.1.4"}}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps
cat > load.cjs <<'JS'
const { readFileSync } = require("node:fs");
const about = JSON.parse(readFileSync("node_modules/flowise-components/package.json", "utf8"));
const { dependencies, peerDependencies = {}, version } = about;
console.log("flowise-components", version);
let said = "loaded";
try {
  require("flowise-components");
} catch (error) {
  said = error.message.split("\n")[0];
}
console.log(said);
const missing = /Cannot find module '([^']+)'/.exec(said)?.[1];
const declared = missing && (missing in dependencies || missing in peerDependencies);
console.log("declared by the package:", declared ? "yes" : "no");
if (!missing || declared) throw new Error("the behaviour has changed");
JS
node load.cjs
