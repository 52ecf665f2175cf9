/** Readable ids for new nodes: `search`, `search-2`, … */

export function freshId(kind: string, taken: ReadonlySet<string>): string {
  const stem = stemOf(kind);
  if (!taken.has(stem)) return stem;
  for (let n = 2; ; n++) {
    const id = `${stem}-${n}`;
    if (!taken.has(id)) return id;
  }
}

function stemOf(kind: string): string {
  const last = kind.split(".").at(-1) ?? "";
  const plain = last.toLowerCase().replace(/[^a-z0-9_-]+/g, "-");
  // Room is left for the number that may follow.
  return plain.replace(/^[^a-z]+/, "").replace(/-+$/, "").slice(0, 32) || "block";
}
