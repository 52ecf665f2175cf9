/** The conversation that is open: what was said, what streams in now, and what goes wrong. */

import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { CallError } from "./api";
import { facts, t } from "./facts";
import { eventsOf } from "./sse";
import type { Adding, Chat, Problem, Question, Turn } from "./types";

const OPEN = `flowloom.open.${facts.slug}`;
const PAUSES = [300, 1_000, 2_000, 4_000, 8_000];

export interface State {
  chats: Chat[];
  chat: string | null;
  turns: Turn[];
  /** The answer under way; null where none is. */
  live: { text: string; step: string } | null;
  questions: Question[];
  adding: Adding[];
  problem: Problem | null;
  /** Whether the line to the server is cut just now. */
  cut: boolean;
  loading: boolean;
  interrupted: boolean;
  /** What a screen reader is told. */
  said: string;
}

const EMPTY = {
  turns: [],
  live: null,
  questions: [],
  adding: [],
  problem: null,
  cut: false,
  loading: false,
  interrupted: false,
  said: "",
};

class Session {
  state: State = { chats: [], chat: null, ...EMPTY };
  private listeners = new Set<() => void>();
  private following: AbortController | null = null;
  private keys = 0;

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get busy(): boolean {
    return this.state.live !== null;
  }

  async start(): Promise<void> {
    await this.refresh();
    const open = kept();
    if (open && this.state.chats.some((chat) => chat.id === open)) await this.open(open);
  }

  async refresh(): Promise<void> {
    try {
      this.set({ chats: await api.listChats() });
    } catch (error) {
      this.fail(error);
    }
  }

  leave(): void {
    this.following?.abort();
    this.following = null;
  }

  fresh(): void {
    this.leave();
    keep("");
    this.set({ chat: null, ...EMPTY });
  }

  async open(chat: string): Promise<void> {
    this.leave();
    this.set({ ...EMPTY, chat, loading: true });
    try {
      const { turns, run, questions, interrupted, shared } = await api.readChat(chat);
      this.mark(chat, shared);
      if (this.state.chat !== chat) return;
      keep(chat);
      this.set({ turns, questions, interrupted, loading: false, live: run ? { text: "", step: "" } : null });
      if (run) await this.follow((signal) => api.follow(chat, "", signal));
    } catch (error) {
      if (this.state.chat !== chat) return;
      this.set({ loading: false, chat: null });
      keep("");
      this.fail(error);
    }
  }

  private async ensure(): Promise<string> {
    if (this.state.chat) return this.state.chat;
    const chat = await api.beginChat();
    this.set({ chat });
    keep(chat);
    return chat;
  }

  /** Send a message; whether it went out, so that what was typed can stay where it did not. */
  async send(text: string): Promise<boolean> {
    const files = this.state.adding.filter((file) => file.id);
    if (this.busy || (!text.trim() && !files.length)) return false;
    const before = this.state.turns;
    const cards = files.map((file) => ({ id: file.id!, name: file.name, size: file.size, picture: false }));
    const turn: Turn = { number: (before.at(-1)?.number ?? 0) + 1, role: "user", text: text.trim(), files: cards };
    this.set({ turns: [...before, turn], live: { text: "", step: "" }, problem: null, interrupted: false });
    try {
      const chat = await this.ensure();
      const control = this.control();
      const answer = await api.say(chat, text, files.map((file) => file.id!), control.signal);
      this.set({ adding: [] });
      void this.follow(async () => answer, control).then(() => this.refresh());
      return true;
    } catch (error) {
      this.set({ turns: before, live: null });
      this.fail(error);
      return false;
    }
  }

  /** The last message once more, or other words in its place. */
  async again(text: string | null = null): Promise<void> {
    const { chat, turns } = this.state;
    if (this.busy || !chat) return;
    const asked = turns.findLastIndex((turn) => turn.role === "user");
    const last = turns[asked];
    if (!last) return;
    const said = [...turns.slice(0, asked), { ...last, text: text ?? last.text }];
    this.set({ turns: said, live: { text: "", step: "" }, problem: null, interrupted: false });
    try {
      const control = this.control();
      const answer = await api.askAgain(chat, text, control.signal);
      await this.follow(async () => answer, control);
    } catch (error) {
      this.set({ turns, live: null });
      this.fail(error);
    }
  }

  private control(): AbortController {
    this.leave();
    this.following = new AbortController();
    return this.following;
  }

  /** Show an answer as it comes; where the line is cut, go on from where it was. */
  private async follow(
    begin: (signal: AbortSignal) => Promise<Response>,
    control = this.control(),
  ): Promise<void> {
    const chat = this.state.chat!;
    let known = "";
    let tries = 0;
    let next = begin;
    while (!control.signal.aborted) {
      try {
        const answer = await next(control.signal);
        if (answer.status === 204) return await this.settle(chat);
        for await (const event of eventsOf(answer)) {
          if (control.signal.aborted) return;
          tries = 0;
          if (this.state.cut) this.set({ cut: false });
          if (event.id) known = event.id;
          else if (event.kind === "run" && !known) known = `${JSON.parse(event.data).run}`;
          if (this.take(event.kind, JSON.parse(event.data))) return;
        }
      } catch (error) {
        if (control.signal.aborted) return;
        const refused = error instanceof CallError && error.status >= 400 && error.status < 500;
        if (refused) return await this.settle(chat, error);
      }
      // It ended without its end: the server went away, or the phone slept.
      this.set({ cut: tries > 0 });
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]!, control.signal);
      tries += 1;
      next = (signal) => api.follow(chat, known, signal);
    }
  }

  /** What an event changes; whether it was the last one. */
  private take(kind: string, data: any): boolean {
    const live = this.state.live ?? { text: "", step: "" };
    if (kind === "step") this.set({ live: { ...live, step: data.text } });
    if (kind === "piece") {
      const text = data.whole ?? live.text + data.text;
      this.set({ live: { text, step: "" } });
    }
    if (kind === "ask") {
      const said = data.questions.length ? t("asks_you") : this.state.said;
      this.set({ questions: data.questions, said });
    }
    if (kind !== "end") return false;
    if (!data.turn) {
      // It ended without an answer: its process was cut off, or it was deleted in another window.
      void this.try(() => this.settle(this.state.chat!));
      return true;
    }
    this.set({ turns: [...this.state.turns, data.turn], live: null, questions: [], cut: false, said: t("answer_ready") });
    return true;
  }

  private async settle(chat: string, error?: unknown): Promise<void> {
    const { turns, questions, interrupted } = await api.readChat(chat);
    if (this.state.chat !== chat) return;
    this.set({ turns, questions, interrupted, live: null, cut: false });
    if (error) this.fail(error);
  }

  async stop(): Promise<void> {
    if (!this.state.chat || !this.busy) return;
    await this.try(() => api.stop(this.state.chat!));
  }

  async answer(question: string, reply: unknown): Promise<void> {
    const chat = this.state.chat!;
    const before = this.state.questions;
    this.set({ questions: before.filter((each) => each.id !== question), problem: null });
    try {
      await api.answer(chat, question, reply);
    } catch (error) {
      if (error instanceof CallError && error.status !== 409) this.set({ questions: before });
      this.fail(error);
    }
  }

  async rate(turn: Turn, good: boolean): Promise<void> {
    await this.try(() => api.rate(this.state.chat!, turn.run!, good));
    this.set({
      turns: this.state.turns.map((each) => (each.number === turn.number ? { ...each, good } : each)),
      said: t("thanks"),
    });
  }

  async add(files: File[]): Promise<void> {
    const room = facts.limits.files - this.state.adding.length;
    if (files.length > room) this.set({ problem: { message: t("many_files"), hint: t("many_files_hint") } });
    const begun = files.slice(0, room).map((file) => ({ file, key: ++this.keys }));
    const rows = begun.map(({ file, key }) => ({ key, name: file.name, size: file.size }));
    this.set({ adding: [...this.state.adding, ...rows] });
    for (const { file, key } of begun) {
      try {
        const chat = await this.ensure();
        const card = await api.attach(chat, file);
        this.change(key, { id: card.id, size: card.size });
      } catch (error) {
        this.change(key, { problem: error instanceof CallError ? `${error.problem.message} ${error.problem.hint}` : t("failed") });
      }
    }
  }

  /** The words of a recording; "" where a block of the GPT hears it itself, or where it went wrong. */
  async hear(sound: Blob): Promise<string> {
    const ending = sound.type.includes("mp4") ? "m4a" : sound.type.includes("ogg") ? "ogg" : "webm";
    try {
      if (facts.voice === "words") return await api.hear(await this.ensure(), sound);
      await this.add([new File([sound], `${t("voice_message")}.${ending}`, { type: sound.type })]);
    } catch (error) {
      this.fail(error);
    }
    return "";
  }

  remove(key: number): void {
    const file = this.state.adding.find((each) => each.key === key);
    this.set({ adding: this.state.adding.filter((each) => each.key !== key) });
    if (file?.id && this.state.chat) void api.detach(this.state.chat, file.id).catch(() => undefined);
  }

  private change(key: number, change: Partial<Adding>): void {
    this.set({ adding: this.state.adding.map((each) => (each.key === key ? { ...each, ...change } : each)) });
  }

  async delete(chat: string): Promise<void> {
    await this.try(async () => {
      await api.deleteChat(chat);
      if (this.state.chat === chat) this.fresh();
      await this.refresh();
      this.set({ said: t("deleted") });
    });
  }

  /** Let whoever made the GPT read a conversation, or no longer. */
  async share(chat: string, shared: boolean): Promise<void> {
    await this.try(async () => {
      await api.share(chat, shared);
      this.mark(chat, shared);
      this.set({ said: shared ? t("said_shared") : t("said_unshared") });
    });
  }

  private mark(chat: string, shared: boolean): void {
    this.set({ chats: this.state.chats.map((each) => (each.id === chat ? { ...each, shared } : each)) });
  }

  async deleteAll(): Promise<void> {
    await this.try(async () => {
      await api.deleteAll();
      api.forget();
      this.fresh();
      this.set({ chats: [], said: t("deleted_all") });
    });
  }

  async try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    if (error instanceof CallError) {
      // What this browser kept belongs to nobody any more.
      if (error.status === 401) api.forget();
      this.set({ problem: error.problem });
    } else if ((error as Error)?.name !== "AbortError") {
      this.set({ problem: { message: t("failed"), hint: t("failed_hint") } });
    }
  }
}

function kept(): string {
  try {
    return sessionStorage.getItem(OPEN) ?? "";
  } catch {
    return "";
  }
}

function keep(chat: string): void {
  try {
    sessionStorage.setItem(OPEN, chat);
  } catch {
    // The next visit begins anew.
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, milliseconds);
    function end(): void {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      done();
    }
    // No need to wait where the line is back already.
    window.addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}

export const session = new Session();

export function useSession(): State {
  const [state, set] = useState(session.state);
  useEffect(() => {
    let asked = 0;
    const draw = () => {
      asked = 0;
      set(session.state);
    };
    // Pieces that come faster than the screen is drawn are drawn together.
    const ask = () => {
      asked ||= document.hidden ? (setTimeout(draw, 50) as unknown as number) : requestAnimationFrame(draw);
    };
    ask();
    return session.listen(ask);
  }, []);
  return state;
}
