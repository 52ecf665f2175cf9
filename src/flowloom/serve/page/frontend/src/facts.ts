/** What the page knows of its GPT from the beginning: a block of data in the document. */

export interface Facts {
  slug: string;
  name: string;
  description: string;
  starters: string[];
  sign: string;
  tint: string;
  picture: string;
  language: string;
  practice: boolean;
  hosts: string[];
  mayCopy: boolean;
  framed: boolean;
  /** What becomes of speech: a recording, words, or nothing. */
  voice: "" | "recording" | "words";
  limits: { message: number; files: number };
  texts: Record<string, string>;
}

export const facts: Facts = JSON.parse(document.getElementById("facts")?.textContent ?? "{}");

/** The text of that key with its `{names}` filled in. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const text = facts.texts?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
