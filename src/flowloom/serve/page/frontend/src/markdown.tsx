/** Markdown as elements of the page. No HTML is ever made of a text: what a model writes stays a text. */

import { Marked, type Token, type Tokens } from "marked";
import type { ComponentChildren, VNode } from "preact";
import { memo } from "preact/compat";
import { CopyButton } from "./copy";
import { decode } from "./entities";
import { t } from "./facts";
import { CITATION, numbersIn } from "./citations";
import type { Source } from "./types";

export type Cite = (number: number) => void;

interface Formula {
  type: "math";
  raw: string;
  text: string;
  block: boolean;
}

const BLOCK = /^(?:\$\$([^$]+?)\$\$|\\\[([^]+?)\\\])(?:\n|$)/;
const INLINE = /^(?:\$\$([^$\n]+?)\$\$|\\\((.+?)\\\)|\\\[(.+?)\\\]|\$(?![\s\d])([^$\n]*[^$\s\\])\$(?!\d))/;

function math(level: "block" | "inline", rule: RegExp, begins: RegExp) {
  return {
    name: "math",
    level,
    start: (source: string) => {
      const found = begins.exec(source);
      // A line of its own begins after the end of the one before.
      return found ? found.index + (found[0].startsWith("\n") ? 1 : 0) : undefined;
    },
    tokenizer(source: string): Formula | undefined {
      const found = rule.exec(source);
      const text = found?.slice(1).find((each) => each !== undefined);
      return found && text ? { type: "math", raw: found[0], text: text.trim(), block: level === "block" } : undefined;
    },
  };
}

/** Quotes and lists within each other beyond what anybody means. */
const DEEP = /^[ \t]*(?:(?:>|[-*+]|\d+[.)])[ \t]*){40}/m;

const reader = new Marked({ gfm: true, breaks: true }).use({
  extensions: [
    math("block", BLOCK, /\n(?:\$\$|\\\[)/),
    { ...math("inline", INLINE, /\$|\\[([]/), name: "mathInline" },
  ],
});

export function Markdown({ text, sources, onCite }: { text: string; sources: Source[]; onCite?: Cite }) {
  const tokens = tokensOf(text);
  return (
    <div class="text">
      {tokens.map((token, place) => (
        <Block key={place} token={token} raw={token.raw} sources={sources} onCite={onCite} />
      ))}
    </div>
  );
}

/** The parts of a text; what nests too deep to be read is shown as it is written. */
function tokensOf(text: string): Token[] {
  if (!DEEP.test(text)) {
    try {
      return reader.lexer(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return [{ type: "code", raw: text, text, lang: "" }];
}

interface Props {
  token: Token;
  raw: string;
  sources: Source[];
  onCite?: Cite;
}

/** While an answer streams in, only its last block changes. */
const Block = memo(
  ({ token, sources, onCite }: Props) => block(token, new Draw(sources, onCite)) as VNode,
  (before: Props, after: Props) =>
    before.raw === after.raw && before.sources === after.sources && before.onCite === after.onCite,
);

function block(token: Token, draw: Draw): ComponentChildren {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading": {
      // The name of the GPT is the heading above them all.
      const Level = `h${Math.min(6, (token as Tokens.Heading).depth + 2)}` as "h3";
      return <Level>{draw.all(token.tokens)}</Level>;
    }
    case "code":
      return <Code code={(token as Tokens.Code).text} language={(token as Tokens.Code).lang ?? ""} />;
    case "blockquote":
      return <blockquote>{(token.tokens ?? []).map((each) => block(each, draw))}</blockquote>;
    case "hr":
      return <hr />;
    case "list":
      return list(token as Tokens.List, draw);
    case "table":
      return table(token as Tokens.Table, draw);
    case "math":
      return <p class="math">{(token as unknown as Formula).text}</p>;
    case "paragraph":
      return <p>{draw.all(token.tokens)}</p>;
    case "text":
      return token.tokens ? draw.all(token.tokens) : draw.words((token as Tokens.Text).text);
    default:
      return <p>{token.raw}</p>;
  }
}

function list(token: Tokens.List, draw: Draw): ComponentChildren {
  const items = token.items.map((item, place) => (
    <li key={place} class={item.task ? "task" : undefined}>
      {item.task && <input type="checkbox" checked={item.checked} disabled aria-label={t("task")} />}
      {item.tokens.filter((each) => each.type !== "checkbox").map((each) => block(each, draw))}
    </li>
  ));
  return token.ordered ? <ol start={token.start === "" ? undefined : Number(token.start)}>{items}</ol> : <ul>{items}</ul>;
}

function table(token: Tokens.Table, draw: Draw): ComponentChildren {
  const cells = (row: Tokens.TableCell[], Cell: "th" | "td") =>
    row.map((cell, place) => (
      <Cell key={place} class={cell.align ? `to-${cell.align}` : undefined} scope={Cell === "th" ? "col" : undefined}>
        {draw.all(cell.tokens)}
      </Cell>
    ));
  return (
    <div class="table" role="region" aria-label={t("table")} tabIndex={0}>
      <table>
        <thead>
          <tr>{cells(token.header, "th")}</tr>
        </thead>
        <tbody>
          {token.rows.map((row, place) => (
            <tr key={place}>{cells(row, "td")}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Code({ code, language }: { code: string; language: string }) {
  const name = language.split(/\s/)[0]!.slice(0, 30);
  return (
    <figure class="code">
      <figcaption>
        <span>{name || t("code")}</span>
        <CopyButton text={code} label={t("copy_code")} />
      </figcaption>
      <pre tabIndex={0} aria-label={t("code")}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}

class Draw {
  constructor(
    private sources: Source[],
    private onCite?: Cite,
  ) {}

  all(tokens: Token[] = []): ComponentChildren {
    return tokens.map((token) => this.one(token));
  }

  private one(token: Token): ComponentChildren {
    switch (token.type) {
      case "strong":
        return <strong>{this.all(token.tokens)}</strong>;
      case "em":
        return <em>{this.all(token.tokens)}</em>;
      case "del":
        return <del>{this.all(token.tokens)}</del>;
      case "codespan":
        return <code>{(token as Tokens.Codespan).text}</code>;
      case "br":
        return <br />;
      case "link":
        return this.link((token as Tokens.Link).href, this.all(token.tokens));
      case "image":
        return this.image(token as Tokens.Image);
      case "math":
        return <span class="math">{(token as unknown as Formula).text}</span>;
      case "escape":
        return decode((token as Tokens.Escape).text);
      case "text":
        return token.tokens ? this.all(token.tokens) : this.words((token as Tokens.Text).text);
      default:
        return token.raw;
    }
  }

  private link(address: string, shown: ComponentChildren): ComponentChildren {
    if (!/^(https?:|mailto:)/i.test(address)) return shown;
    return (
      <a href={address} target="_blank" rel="noopener noreferrer nofollow">
        {shown}
      </a>
    );
  }

  /** A picture of another host would tell it that and when this was read: it is a link to follow. */
  private image({ href, text }: Tokens.Image): ComponentChildren {
    if (/^data:image\/(png|jpeg|gif|webp);base64,/i.test(href)) return <img src={href} alt={text} />;
    return this.link(href, text ? t("picture_named", { name: text }) : t("picture"));
  }

  words(text: string): ComponentChildren {
    const parts: ComponentChildren[] = [];
    let at = 0;
    for (const found of text.matchAll(CITATION)) {
      const cited = numbersIn(found[1]!);
      parts.push(decode(text.slice(at, found.index)));
      parts.push(this.marks(cited, found[0]));
      at = found.index + found[0].length;
    }
    return at ? [...parts, decode(text.slice(at))] : decode(text);
  }

  private marks(cited: number[], written: string): ComponentChildren {
    const known = cited.filter((number) => this.sources.some((source) => source.number === number));
    if (!known.length) return this.onCite ? decode(written) : <sup class="cited soon">{cited.join(", ")}</sup>;
    return known.map((number) => (
      <button
        type="button"
        class="cited"
        aria-label={t("show_source", { number })}
        onClick={() => this.onCite?.(number)}
      >
        {number}
      </button>
    ));
  }
}
