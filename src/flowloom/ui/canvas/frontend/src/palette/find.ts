/** The blocks that answer to a search, in their groups. */
import type { Catalog, Kind } from "../model";

export interface Group {
  id: string;
  label: string;
  kinds: Kind[];
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "");

export function findKinds(catalog: Catalog, query: string): Group[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const fits = (kind: Kind) => {
    const text = plain(`${kind.label} ${kind.help} ${kind.id} ${kind.group_label ?? ""}`);
    return words.every((word) => text.includes(word));
  };
  const found = catalog.kinds.filter(fits);
  const known = new Set(catalog.groups.map((group) => group.id));
  const others = [...new Set(found.map((kind) => kind.group))].filter((id) => !known.has(id));
  const groups = [...catalog.groups, ...others.map((id) => ({ id, label: id }))];
  return groups
    .map(({ id, label }) => ({ id, label, kinds: found.filter((kind) => kind.group === id).sort(byName(words)) }))
    .filter((group) => group.kinds.length > 0);
}

/** Blocks whose name begins with the search come first; else the catalog's order stays. */
function byName(words: string[]) {
  const rank = (kind: Kind) => (words[0] && plain(kind.label).startsWith(words[0]) ? 0 : 1);
  return (a: Kind, b: Kind) => rank(a) - rank(b);
}
