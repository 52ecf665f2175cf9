/** Which blocks are used most: in the templates, and by this person in this browser. */
import type { Catalog, Kind } from "../model";

export const FIRST = 6;
/** What one chooses oneself counts for more than what a template does. */
const OWN = 3;
const PLACE = "flowloom:uses";
const MOST = 1000;

export type Uses = Readonly<Record<string, number>>;

export function readUses(store: Pick<Storage, "getItem"> | null): Uses {
  try {
    const found: unknown = JSON.parse(store?.getItem(PLACE) ?? "{}");
    if (typeof found !== "object" || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter(([, count]) => Number.isFinite(count) && count > 0));
  } catch {
    return {};
  }
}

export function countUse(kind: string, store: Pick<Storage, "getItem" | "setItem"> | null): void {
  const uses = readUses(store);
  try {
    store?.setItem(PLACE, JSON.stringify({ ...uses, [kind]: Math.min(MOST, (uses[kind] ?? 0) + 1) }));
  } catch {
    // Without storage the templates alone count.
  }
}

/** The most used of some kinds, the most used first. */
export function mostUsed(kinds: readonly Kind[], catalog: Catalog, own: Uses): Kind[] {
  const count = (kind: Kind) => (catalog.uses?.[kind.id] ?? 0) + OWN * (own[kind.id] ?? 0);
  return kinds.filter((kind) => count(kind) > 0).sort((a, b) => count(b) - count(a)).slice(0, FIRST);
}
