/** Finding blocks by what they are called and what they say. */
import type { FlowState } from "../model";
import { GROUP } from "./groups";
import { nameOf } from "./ports";

export interface Found {
  id: string;
  name: string;
  /** Where the words were found, shortened around them. */
  excerpt: string;
}

const AROUND = 30;

export function findNodes(flow: FlowState, query: string): Found[] {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return [];
  return Object.values(flow.nodes).flatMap((node) => {
    const name = nameOf(flow, node.id);
    const card = flow.cards[node.id];
    const said = [card?.label ?? "", ...(node.kind === GROUP ? [] : textsIn(node.config))];
    const hit = said.find((text) => text.toLowerCase().includes(wanted));
    if (name.toLowerCase().includes(wanted)) return { id: node.id, name, excerpt: card?.summary ?? "" };
    return hit === undefined ? [] : { id: node.id, name, excerpt: around(hit, wanted) };
  });
}

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return [value];
  if (depth > 6 || typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((one) => textsIn(one, depth + 1));
}

function around(text: string, wanted: string): string {
  const flat = text.replace(/\s+/g, " ");
  const at = Math.max(0, flat.toLowerCase().indexOf(wanted));
  const [from, to] = [Math.max(0, at - AROUND), at + wanted.length + AROUND];
  return `${from > 0 ? "…" : ""}${flat.slice(from, to)}${to < flat.length ? "…" : ""}`;
}
