/** The order of blocks within each column, by the mean of what they are connected with, so that few lines cross. */

export interface Line {
  from: string;
  to: string;
  /** How far below the upper edge of its block each end lies. */
  out: number;
  into: number;
}

const SWEEPS = 12;

/** The columns in a better order; a line over several columns holds a place, `from>to`, in those between. */
export function orderColumns(columns: string[][], lines: readonly Line[], groups: ReadonlyMap<string, string>): string[][] {
  const { columns: filled, joins } = withPassages(columns, lines);
  let now = filled.map((column) => gathered(column, groups));
  let best = now;
  let fewest = crossings(now, joins);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    now = swept(now, joins, sweep % 2 === 0).map((column) => gathered(column, groups));
    const count = crossings(now, joins);
    if (count < fewest) [best, fewest] = [now, count];
  }
  return best;
}

/** A step of a line from one column to the next, with where its ends lie within their blocks. */
interface Join {
  column: number;
  from: string;
  to: string;
  out: number;
  into: number;
}

/** Lines step from column to column; what they pass between is a place of its own. */
export function withPassages(columns: string[][], lines: readonly Line[]): { columns: string[][]; joins: Join[] } {
  const filled = columns.map((column) => [...column]);
  const at = new Map(columns.flatMap((column, index) => column.map((id): [string, number] => [id, index])));
  const joins: Join[] = [];
  for (const line of lines) {
    const [start, end] = [at.get(line.from), at.get(line.to)];
    if (start === undefined || end === undefined || end <= start) continue;
    let before = line.from;
    for (let column = start + 1; column <= end; column++) {
      const here = column === end ? line.to : `${line.from}>${line.to}`;
      const known = filled[column]!.includes(here);
      if (!known) filled[column]!.push(here);
      joins.push({ column: column - 1, from: before, to: here, out: before === line.from ? line.out : 0, into: here === line.to ? line.into : 0 });
      before = here;
    }
  }
  return { columns: filled, joins };
}

function swept(columns: string[][], joins: Join[], rightward: boolean): string[][] {
  const after = columns.map((column) => [...column]);
  const steps = columns.map((_, index) => index);
  for (const index of rightward ? steps : steps.reverse()) {
    const other = after[rightward ? index - 1 : index + 1];
    if (!other) continue;
    const rank = new Map(other.map((id, row): [string, number] => [id, row]));
    const means = new Map(after[index]!.map((id, row): [string, number] => [id, meanOf(id, joins, rank, rightward) ?? row]));
    after[index]!.sort((a, b) => means.get(a)! - means.get(b)!);
  }
  return after;
}

/** What is in one group stays together, where the first of it stands. */
function gathered(column: string[], groups: ReadonlyMap<string, string>): string[] {
  const first = new Map<string, number>();
  column.forEach((id, row) => {
    const group = groups.get(id);
    if (group !== undefined && !first.has(group)) first.set(group, row);
  });
  if (!first.size) return column;
  const place = new Map(column.map((id, row): [string, number] => [id, first.get(groups.get(id) ?? "") ?? row]));
  return [...column].sort((a, b) => place.get(a)! - place.get(b)!);
}

/** The mean row of the neighbours, with the order of the points on a block as a part of one row. */
function meanOf(id: string, joins: Join[], rank: ReadonlyMap<string, number>, rightward: boolean): number | undefined {
  const near = joins.filter((join) => (rightward ? join.to : join.from) === id);
  const rows = near.flatMap((join) => {
    const row = rank.get(rightward ? join.from : join.to);
    return row === undefined ? [] : row + Math.min(0.9, (rightward ? join.out : join.into) / 1000);
  });
  return rows.length ? rows.reduce((sum, row) => sum + row, 0) / rows.length : undefined;
}

function crossings(columns: string[][], joins: Join[]): number {
  const rank = new Map(columns.flatMap((column) => column.map((id, row): [string, number] => [id, row])));
  const ends = joins.map((join) => ({ column: join.column, a: rank.get(join.from)! + join.out / 1000, b: rank.get(join.to)! + join.into / 1000 }));
  let count = 0;
  for (let i = 0; i < ends.length; i++) {
    for (let j = i + 1; j < ends.length; j++) {
      const [one, other] = [ends[i]!, ends[j]!];
      if (one.column === other.column && (one.a - other.a) * (one.b - other.b) < 0) count++;
    }
  }
  return count;
}
