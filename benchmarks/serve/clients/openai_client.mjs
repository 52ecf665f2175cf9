// OpenAI's library for JavaScript asks a GPT: whole, piece by piece, as a response, and wrongly. `ROOT KEY`.
import assert from "node:assert";
import OpenAI from "openai";

const [root, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${root}/v1`, apiKey });
const asked = { model: "gpt", messages: [{ role: "user", content: "Hello you" }] };
const whole = await client.chat.completions.create(asked);
assert.equal(whole.choices[0].message.content, "You said: Hello you");
let text = "";
for await (const part of await client.chat.completions.create({ ...asked, stream: true })) {
  text += part.choices[0]?.delta?.content ?? "";
}
assert.equal(text, "You said: Hello you");
assert.equal((await client.responses.create({ model: "gpt", input: "Hello you" })).output_text, text);
await assert.rejects(client.chat.completions.create({ ...asked, model: "none" }), { status: 404, code: "model_not_found" });
