/** Calls of our own server. Who this visitor is goes along as a header and never stands in an address. */

import { facts, t } from "./facts";
import type { Chat, ChatState, FileCard, Problem } from "./types";

const BASE = `/gpt/${encodeURIComponent(facts.slug)}`;
const KEPT = "flowloom.visitor";

let token = kept();

function kept(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return ""; // A browser may forbid it to frames: then this visit is forgotten with the page.
  }
}

/** A refusal of the server, or `offline` where it was not reached. */
export class CallError extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number,
  ) {
    super(problem.message);
  }
}

async function visitor(): Promise<string> {
  if (token) return token;
  const answer = await plain("/visitor", { method: "POST" });
  token = ((await answer.json()) as { visitor: string }).visitor;
  try {
    localStorage.setItem(KEPT, token);
  } catch {
    // As above.
  }
  return token;
}

async function plain(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("X-Flowloom-Language", facts.language);
  headers.set("Accept", "application/json");
  let answer: Response;
  try {
    answer = await fetch(BASE + path, { ...init, headers, cache: "no-store" });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new CallError({ code: "offline", message: t("offline"), hint: t("offline_hint") }, 0);
  }
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => null)) as { problem?: Problem } | null;
  throw new CallError(told?.problem ?? { message: t("failed"), hint: t("failed_hint") }, answer.status);
}

export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("X-Flowloom-Visitor", await visitor());
  return plain(path, { ...init, headers });
}

const post = (path: string, body: unknown = {}, signal?: AbortSignal) =>
  call(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, signal });

const json = async <T>(answer: Promise<Response>) => (await (await answer).json()) as T;

export const isKnown = () => token !== "";
export const forget = () => {
  token = "";
  try {
    localStorage.removeItem(KEPT);
  } catch {
    // Nothing was kept.
  }
};

export const listChats = async () => (isKnown() ? (await json<{ chats: Chat[] }>(call("/chats"))).chats : []);
export const beginChat = async () => (await json<{ id: string }>(post("/chats"))).id;
export const readChat = (chat: string) => json<ChatState>(call(`/chats/${chat}`));
export const deleteChat = (chat: string) => call(`/chats/${chat}`, { method: "DELETE" });
export const share = (chat: string, shared: boolean) =>
  call(`/chats/${chat}/sharing`, { method: shared ? "POST" : "DELETE" });
export const deleteAll = () => call("/chats", { method: "DELETE" });
export const say = (chat: string, text: string, files: string[], signal: AbortSignal) =>
  post(`/chats/${chat}/messages`, { text, files }, signal);
export const askAgain = (chat: string, text: string | null, signal: AbortSignal) =>
  post(`/chats/${chat}/again`, text === null ? {} : { text }, signal);
export const follow = (chat: string, known: string, signal: AbortSignal) =>
  call(`/chats/${chat}/live`, { signal, headers: known ? { "Last-Event-ID": known } : {} });
export const stop = (chat: string) => post(`/chats/${chat}/stop`);
export const answer = (chat: string, question: string, reply: unknown) =>
  post(`/chats/${chat}/answers/${encodeURIComponent(question)}`, reply);
export const rate = (chat: string, run: string, good: boolean) => post(`/chats/${chat}/ratings/${run}`, { good });
export const attach = (chat: string, file: File) =>
  json<FileCard>(
    call(`/chats/${chat}/files?name=${encodeURIComponent(file.name)}`, {
      method: "POST",
      body: file,
      headers: { "Content-Type": file.type || "application/octet-stream" },
    }),
  );
export const hear = async (chat: string, sound: Blob) =>
  (await json<{ text: string }>(call(`/chats/${chat}/speech`, { method: "POST", body: sound }))).text;
export const detach = (chat: string, file: string) => call(`/chats/${chat}/files/${file}`, { method: "DELETE" });

/** The address, within this page, of what only this visitor may fetch. */
export async function blobOf(path: string): Promise<string> {
  return URL.createObjectURL(await (await call(path)).blob());
}

/** Hand a file to the person. */
export async function save(path: string, name: string): Promise<void> {
  const address = await blobOf(path);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export const copyAddress = `${BASE}/copy`;

/** Where this GPT is bought, in the language of the page. */
export const buyAddress = `/store${BASE}/buy?lang=${facts.language}`;
