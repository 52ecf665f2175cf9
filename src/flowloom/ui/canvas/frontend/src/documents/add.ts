/** Adding documents to a block: what cannot be read is told, the rest is handed in one by one, then read. */
import type { DocumentLimits, Problem } from "../model";
import { problemText } from "../store";
import { type ReadDocuments, Refused, type TakenDocument } from "../sync/server";
import type { Say } from "../texts";

/** How the documents of a block stand: `done` is from 0 to 1; `said` tells what was added, `problems` what was not. */
export type Documents =
  | { state: "reading"; said: string; done: number }
  | { state: "ended"; said: string; problems: string[] };

/** A file, or the name of a folder, which has no content of its own. */
export type Dropped = File | { folder: string };

export interface DocumentServer {
  take(node: string, file: File): Promise<TakenDocument>;
  read(node: string, taken: TakenDocument[], heard: (ended: number) => void): Promise<ReadDocuments>;
}

export interface Adding {
  server: DocumentServer;
  limits: DocumentLimits;
  say: Say;
  language: string;
  /** Ask for another token; whether one came. */
  renew: () => Promise<boolean>;
  tell: (told: Documents) => void;
}

export async function addDocuments(adding: Adding, node: string, dropped: Dropped[]): Promise<void> {
  const { say, limits, tell } = adding;
  if (dropped.length > limits.files) {
    return tell({ state: "ended", said: "", problems: [`${say("too_many", { count: limits.files })} ${say("drop_fewer")}`] });
  }
  const found = dropped.map((each) => ({ each, problem: refusal(each, limits, say) }));
  const files = found.flatMap(({ each, problem }) => (problem === null ? [each as File] : []));
  const problems = found.flatMap(({ problem }) => problem ?? []);
  const told = files.length ? await send(adding, node, files) : [];
  tell({
    state: "ended",
    said: summary(told, adding),
    problems: [...problems, ...told.flatMap(({ problem }) => (problem ? problemText(problem) : []))],
  });
}

/** Why a file is not even sent; null where nothing is known against it. */
function refusal(dropped: Dropped, limits: DocumentLimits, say: Say): string | null {
  if (!(dropped instanceof File)) return `${say("is_folder", { file: dropped.folder })} ${say("drop_what_is_in_it")}`;
  const file = dropped.name;
  const ending = file.includes(".") ? file.slice(file.lastIndexOf(".") + 1).toLowerCase() : "";
  if (!limits.endings.includes(ending)) return `${say("cannot_be_read", { file })} ${say("save_as_text")}`;
  return dropped.size > limits.bytes ? `${say("too_large", { file })} ${say("split_file")}` : null;
}

async function send(adding: Adding, node: string, files: File[]): Promise<TakenDocument[]> {
  const { server, say, tell } = adding;
  const said = files.length === 1 ? say("reading_file", { file: files[0]!.name }) : say("reading_files", { count: files.length });
  const advance = (steps: number) => tell({ state: "reading", said, done: steps / (2 * files.length) });
  const taken: TakenDocument[] = [];
  for (const file of files) {
    advance(taken.length);
    taken.push(await take(adding, node, file));
  }
  const waiting = taken.filter(({ state }) => state === "waiting");
  if (!waiting.length) return taken;
  advance(taken.length);
  const { files: read = [], problem } = await server
    .read(node, waiting, (ended) => advance(taken.length + Math.min(ended, files.length)))
    .catch((error) => ({ files: [], problem: problemOf(error, say("canvas_lost")) }));
  const others = taken.filter(({ state }) => state !== "waiting");
  return problem ? [...others, { file: "", state: "failed", problem }] : [...others, ...read];
}

async function take({ server, say, renew }: Adding, node: string, file: File): Promise<TakenDocument> {
  const lost = `${say("not_sent", { file: file.name })} ${say("check_connection")}`;
  const failed = (error: unknown): TakenDocument => ({ file: file.name, state: "failed", problem: problemOf(error, lost) });
  try {
    return await server.take(node, file);
  } catch (error) {
    if (!(error instanceof Refused && error.needsToken && (await renew()))) return failed(error);
  }
  return server.take(node, file).catch(failed);
}

const problemOf = (error: unknown, lost: string): Problem =>
  (error instanceof Refused && error.problem) || { code: "canvas.lost", message: lost };

/** What was added, and what was there already. */
function summary(told: TakenDocument[], { say, language }: Adding): string {
  const done = told.filter(({ state }) => state === "done");
  const same = told.filter(({ state }) => state === "unchanged");
  const one = (count: number) => new Intl.PluralRules(language).select(count) === "one";
  const format = (count: number) => new Intl.NumberFormat(language).format(count);
  const passages = done.reduce((sum, each) => sum + (each.passages ?? 0), 0);
  const added = say("documents_added", {
    documents: say(one(done.length) ? "one_document" : "many_documents", { count: format(done.length) }),
    passages: say(one(passages) ? "one_passage" : "many_passages", { count: format(passages) }),
  });
  const unchanged = say("unchanged", { names: same.map(({ file }) => `“${file}”`).join(", ") });
  return [...(done.length ? [added] : []), ...(same.length ? [unchanged] : [])].join(" ");
}
