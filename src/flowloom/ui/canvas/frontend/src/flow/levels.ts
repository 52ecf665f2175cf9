/** How high each block of a column stands: lines as level as the room between its neighbours allows. */
import { PADDING } from "./groups";
import { GAPS, type Size } from "./layout";
import { type Line, withPassages } from "./ordering";

const ROUNDS = 8;
const PASSAGE = { width: 0, height: 4 };

/** The upper edge of everything in the columns, passages included. */
export function levelColumns(columns: string[][], lines: readonly Line[], sizeOf: (id: string) => Size, groups: ReadonlyMap<string, string>): Map<string, number> {
  const size = (id: string) => (id.includes(">") ? PASSAGE : sizeOf(id));
  const { joins } = withPassages(columns.map((column) => column.filter((id) => !id.includes(">"))), lines);
  const tops = new Map<string, number>();
  for (const column of columns) stacked(column, column.map(() => 0), size, groups).forEach((top, row) => tops.set(column[row]!, top));
  for (let round = 0; round < ROUNDS; round++) {
    const rightward = round % 2 === 0;
    for (const column of rightward ? columns : [...columns].reverse()) {
      const wanted = column.map((id) => {
        const levels = joins.flatMap((join) => {
          if (rightward && join.to === id) return tops.get(join.from)! + join.out - join.into;
          if (!rightward && join.from === id) return tops.get(join.to)! + join.into - join.out;
          return [];
        });
        return levels.length ? levels.reduce((sum, one) => sum + one, 0) / levels.length : tops.get(id)!;
      });
      stacked(column, wanted, size, groups).forEach((top, row) => tops.set(column[row]!, top));
    }
  }
  return tops;
}

/** Room for the edge of a frame that ends or begins between two neighbours. */
function frameRoom(here: string | undefined, next: string | undefined): number {
  if (here === next) return 0;
  return (here === undefined ? 0 : PADDING.bottom) + (next === undefined ? 0 : PADDING.top);
}

/** The places nearest to those wanted in which nothing overlaps: neighbours that would are moved as one. */
function stacked(column: string[], wanted: number[], size: (id: string) => Size, groups: ReadonlyMap<string, string>): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const [row, id] of column.entries()) {
    offsets.push(offset);
    offset += size(id).height + GAPS.y + frameRoom(groups.get(id), groups.get(column[row + 1] ?? ""));
  }
  const blocks: { sum: number; count: number }[] = [];
  wanted.forEach((level, row) => {
    blocks.push({ sum: level - offsets[row]!, count: 1 });
    for (let last = blocks.length - 1; last > 0; last--) {
      const [above, below] = [blocks[last - 1]!, blocks[last]!];
      if (above.sum / above.count <= below.sum / below.count) break;
      blocks.splice(last - 1, 2, { sum: above.sum + below.sum, count: above.count + below.count });
    }
  });
  const bases = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
  return column.map((_, row) => bases[row]! + offsets[row]!);
}
