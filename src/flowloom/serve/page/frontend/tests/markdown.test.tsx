import { render } from "preact-render-to-string";
import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("document", { getElementById: () => null });
const { Markdown } = await import("../src/markdown");
const { decode } = await import("../src/entities");

const SOURCES = [1, 2].map((number) => ({ number, file: "a.pdf", page: 3, part: "", heading: "", text: "…" }));

/** The elements a text becomes, as a browser would be given them. */
function drawn(text: string, cites = true): string {
  return render(<Markdown text={text} sources={cites ? SOURCES : []} onCite={cites ? () => undefined : undefined} />);
}

describe("a text of a model", () => {
  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "![x](javascript:alert(1))",
    '<a href="https://evil.example">x</a>',
    "<iframe src=//evil.example></iframe>",
    "<svg><style>*{}</style></svg>",
  ])("stays a text: %s", (text) => {
    const found = drawn(text);
    expect(found).not.toMatch(/<(script|img|iframe|svg|style)\b/);
    expect(found).not.toMatch(/(href|src)="(javascript|vbscript|data:text|\/\/)/);
  });

  it("loads no picture of another host", () => {
    const found = drawn("![secret](https://evil.example/x.png?chat=1)");
    expect(found).not.toContain("<img");
    expect(found).toContain('rel="noopener noreferrer nofollow"');
  });

  it("shows a picture that it carries", () => {
    expect(drawn("![x](data:image/png;base64,AAAA)")).toContain('<img src="data:image/png;base64,AAAA"');
  });

  it.each([
    ["# Title", "<h3>Title</h3>"],
    ["a **b** *c* ~~d~~ `e`", "<strong>b</strong>"],
    ["3. x\n4. y", '<ol start="3">'],
    ["> q", "<blockquote>"],
    ["a\nb", "<br/>"],
    ["AT&amp;T &lt;b&gt;", "AT&amp;T &lt;b>"],
    ["| a | b |\n|---|--:|\n| 1 | 2 |", '<td class="to-right">2</td>'],
    ["https://example.com/x", 'href="https://example.com/x"'],
  ])("has its form: %s", (text, form) => {
    expect(drawn(text)).toContain(form);
  });

  it("keeps formulas as they are written", () => {
    expect(drawn("so $a_1 * b_2 * c$ holds")).toContain('<span class="math">a_1 * b_2 * c</span>');
    expect(drawn("\\[ x_{1} \\]")).toContain("x_{1}");
    expect(drawn("It costs $5 and $6.")).not.toContain("<span");
  });

  it("marks what it cites, and only what is known", () => {
    expect(drawn("So it is [1].")).toContain('class="cited"');
    expect(drawn("So it is [1, 2].").match(/<button/g)).toHaveLength(2);
    expect(drawn("So it is [7].")).toContain("[7]");
    expect(drawn("So it is [1].", false)).toContain("<sup");
    expect(drawn("`list[1]`")).toContain("list[1]");
  });

  it("is read in a line's time", () => {
    const begin = performance.now();
    for (const sign of ["[", "*", "$", "`", "<", "\\(", "[1", "|", "> ", "- ", "![", "**_", "a@b.", "<a ", "~", "[x](", "1. "]) {
      const before = performance.now();
      expect(drawn(sign.repeat(6_000))).toContain("text");
      if (performance.now() - before > 300) console.log(sign, Math.round(performance.now() - before));
    }
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it("has its characters decoded once", () => {
    expect(decode("&amp;lt; &#39; &#x1F3B2; &nosuch; &#0;")).toBe("&lt; ' 🎲 &nosuch; &#0;");
  });
});
