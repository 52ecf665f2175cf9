/** Documents on their way to a block: what is sent, what is told, and what is said of those that cannot be added. */
import { expect, test } from "vitest";
import { addDocuments, type Adding, type Documents, type Dropped } from "../src/documents/add";
import { carriesFiles, droppedFiles } from "../src/documents/dropped";
import { Refused, type ReadDocuments, type TakenDocument } from "../src/sync/server";
import { speaker } from "../src/texts";

const LIMITS = { endings: ["md", "pdf"], bytes: 100, files: 3 };
const file = (name: string, size = 4) => new File(["x".repeat(size)], name);
const problem = (message: string) => ({ code: "knowledge", message, hint: "Do this." });

interface Played {
  take?: (file: File) => TakenDocument | Error;
  read?: () => ReadDocuments | Error;
  renews?: boolean;
  language?: string;
}

/** What a drop of these tells, and which files were sent. */
async function drop(dropped: Dropped[], { take, read, renews = false, language = "en" }: Played = {}) {
  const told: Documents[] = [];
  const sent: string[] = [];
  const answer = <T>(value: T | Error): Promise<T> => (value instanceof Error ? Promise.reject(value) : Promise.resolve(value));
  const adding: Adding = {
    server: {
      take(_, one) {
        sent.push(one.name);
        return answer(take?.(one) ?? { file: one.name, state: "waiting", hash: "h" });
      },
      read(_, taken, heard) {
        taken.forEach((_one, number) => heard(number + 1));
        return answer(read?.() ?? { files: taken.map((one) => ({ ...one, state: "done" as const, passages: 7 })) });
      },
    },
    limits: LIMITS,
    say: speaker(),
    language,
    renew: () => Promise.resolve(renews),
    tell: (one) => told.push(one),
  };
  await addDocuments(adding, "search", dropped);
  const last = told.at(-1)!;
  return { sent, steps: told.slice(0, -1), ...(last as Extract<Documents, { state: "ended" }>) };
}

test("two documents are sent, read and counted", async () => {
  const { sent, steps, said, problems } = await drop([file("a.md"), file("b.PDF")]);
  expect(sent).toEqual(["a.md", "b.PDF"]);
  expect(steps.every((step) => step.said === "Reading 2 documents…")).toBe(true);
  expect(steps.map((step) => step.state === "reading" && step.done)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect([said, problems]).toEqual(["2 documents added, 14 passages", []]);
});

test("a single one is called by its name, and counted as one", async () => {
  const { steps, said } = await drop([file("a.md")], { read: () => ({ files: [{ file: "a.md", state: "done", passages: 1 }] }) });
  expect(steps[0]!.said).toBe("Reading “a.md”…");
  expect(said).toBe("1 document added, 1 passage");
});

const REFUSED: [string, Dropped, string][] = [
  ["another type", file("tool.exe"), "“tool.exe” is a type of file that can’t be read. Save it as PDF, Markdown or plain text and add that."],
  ["no ending", file("README"), "“README” is a type of file that can’t be read. Save it as PDF, Markdown or plain text and add that."],
  ["too large", file("big.md", 101), "“big.md” is larger than 50 MB. Split it into smaller files and add those."],
  ["a folder", { folder: "notes.md" }, "“notes.md” is a folder. Drop the documents in it instead."],
];

test.each(REFUSED)("%s is not sent, and the rest is added", async (_, bad, why) => {
  const { sent, said, problems } = await drop([bad, file("a.md")]);
  expect(sent).toEqual(["a.md"]);
  expect([said, problems]).toEqual(["1 document added, 7 passages", [why]]);
});

test("too many at once are refused as a whole", async () => {
  const { sent, problems } = await drop(Array.from({ length: 4 }, (_, n) => file(`${n}.md`)));
  expect([sent, problems]).toEqual([[], ["At most 3 documents can be added at once. Drop fewer at a time."]]);
});

test("what the server refuses says why", async () => {
  const take = (one: File) => (one.name === "a.md" ? new Refused(400, problem("“a.md” no.")) : { file: one.name, state: "waiting" as const });
  const { said, problems } = await drop([file("a.md"), file("b.md")], { take });
  expect([said, problems]).toEqual(["1 document added, 7 passages", ["“a.md” no. Do this."]]);
});

test("what cannot be read says why", async () => {
  const read = () => ({ files: [{ file: "a.md", state: "failed" as const, problem: problem("“a.md” is empty.") }] });
  const { said, problems } = await drop([file("a.md")], { read });
  expect([said, problems]).toEqual(["", ["“a.md” is empty. Do this."]]);
});

test("what is there already is said so", async () => {
  const { said } = await drop([file("a.md")], { take: (one) => ({ file: one.name, state: "unchanged", passages: 3 }) });
  expect(said).toBe("Already added and unchanged: “a.md”");
});

test("a connection that breaks is said, before and while they are read", async () => {
  expect((await drop([file("a.md")], { take: () => new TypeError("network") })).problems).toEqual([
    "“a.md” couldn’t be sent. Check the connection and drop it again.",
  ]);
  expect((await drop([file("a.md")], { read: () => new TypeError("network") })).problems).toEqual([
    "The connection was lost. Open the block to see which documents were added.",
  ]);
});

test("a full disk while they are read is said", async () => {
  expect((await drop([file("a.md")], { read: () => ({ problem: problem("The disk is full.") }) })).problems).toEqual(["The disk is full. Do this."]);
});

test.each([true, false])("a page whose token is old asks for another: %s", async (renews) => {
  let asked = 0;
  const old = new Refused(403, problem("This page is out of date."));
  const take = (one: File) => (asked++ ? { file: one.name, state: "waiting" as const } : old);
  const { sent, said, problems } = await drop([file("a.md")], { take, renews });
  expect(sent.length).toBe(renews ? 2 : 1);
  expect([said, problems]).toEqual(renews ? ["1 document added, 7 passages", []] : ["", ["This page is out of date. Do this."]]);
});

test("only files count as a drag of files, and a folder keeps its name", () => {
  expect([carriesFiles(null), carriesFiles({ types: ["text/plain"] } as unknown as DataTransfer)]).toEqual([false, false]);
  const item = (kind: string, name: string, isDirectory: boolean) => ({
    kind,
    getAsFile: () => file(name),
    webkitGetAsEntry: () => ({ isDirectory, name }),
  });
  const items = [item("file", "a.md", false), item("string", "b", false), item("file", "notes", true)];
  const found = droppedFiles({ items } as unknown as DataTransfer);
  expect(found.map((one) => (one instanceof File ? one.name : one))).toEqual(["a.md", { folder: "notes" }]);
});
