/** One turn of the conversation: what the visitor said, or an answer with its sources, files and buttons. */

import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { CopyButton } from "./copy";
import { Face } from "./face";
import { facts, t } from "./facts";
import { sizeOf } from "./formatting";
import { Icon } from "./icons";
import { Markdown } from "./markdown";
import { session } from "./session";
import type { FileCard, Source, Turn } from "./types";

export function Asked({ turn, mayEdit }: { turn: Turn; mayEdit: boolean }) {
  const [editing, edit] = useState(false);
  if (editing) return <Editing turn={turn} onDone={() => edit(false)} />;
  return (
    <article class="turn asked" aria-label={t("you")}>
      <Files files={turn.files} />
      {turn.text && <p class="said">{turn.text}</p>}
      {mayEdit && turn.text && (
        <div class="row">
          <button type="button" class="quiet" aria-label={t("edit")} title={t("edit")} onClick={() => edit(true)}>
            <Icon name="edit" />
          </button>
        </div>
      )}
    </article>
  );
}

function focusOnce(area: HTMLTextAreaElement | null): void {
  if (area && document.activeElement !== area) area.focus();
}

function Editing({ turn, onDone }: { turn: Turn; onDone: () => void }) {
  const [text, set] = useState(turn.text);
  const send = () => {
    onDone();
    void session.again(text);
  };
  return (
    <form
      class="turn editing"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) send();
      }}
    >
      <textarea
        aria-label={t("your_message")}
        value={text}
        rows={3}
        maxLength={facts.limits.message}
        ref={focusOnce}
        onInput={(event) => set(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            onDone();
          }
        }}
      />
      <div class="row">
        <button type="button" class="plain" onClick={onDone}>
          {t("cancel")}
        </button>
        <button type="submit" class="main">
          {t("resend")}
        </button>
      </div>
    </form>
  );
}

export function Answered({ turn, isLast }: { turn: Turn; isLast: boolean }) {
  const [open, set] = useState<number | null>(null);
  const sources = turn.sources ?? NONE;
  return (
    <article class="turn answered" aria-label={facts.name}>
      <Face />
      <div class="body">
        {turn.text && <Markdown text={turn.text} sources={sources} onCite={set} />}
        <Files files={turn.files} />
        {turn.saved && (
          <p class="hint saved">
            <Icon name="bookmark" />
            {t("saved_answer")}
          </p>
        )}
        {turn.stopped ? (
          <p class="hint">{t("stopped")}</p>
        ) : (
          turn.problem && (
            <p class="problem" role="alert">
              <Icon name="hand" />
              <span>
                <strong>{turn.problem.message}</strong> {turn.problem.hint}
              </span>
            </p>
          )
        )}
        {sources.length > 0 && <Sources sources={sources} open={open} onOpen={set} />}
        <div class="row">
          {turn.text && <CopyButton text={turn.text} label={t("copy")} />}
          {turn.run && turn.text && !turn.problem && <Rating turn={turn} />}
          {isLast && (
            <button
              type="button"
              class="quiet"
              aria-label={t("again")}
              title={t("again")}
              onClick={() => void session.again()}
            >
              <Icon name="again" />
            </button>
          )}
        </div>
      </div>
    </article>
  );
}

const NONE: Source[] = [];

function Rating({ turn }: { turn: Turn }) {
  return (
    <>
      {([true, false] as const).map((good) => (
        <button
          type="button"
          class={turn.good === good ? "quiet chosen" : "quiet"}
          aria-pressed={turn.good === good}
          aria-label={good ? t("good") : t("bad")}
          title={good ? t("good") : t("bad")}
          onClick={() => void session.rate(turn, good)}
        >
          <Icon name={good ? "up" : "down"} />
        </button>
      ))}
    </>
  );
}

function Sources({ sources, open, onOpen }: { sources: Source[]; open: number | null; onOpen: (n: number | null) => void }) {
  return (
    <div class="sources">
      <ul aria-label={t("sources")}>
        {sources.map((source) => (
          <li key={source.number}>
            <button
              type="button"
              class="source"
              aria-expanded={open === source.number}
              onClick={() => onOpen(open === source.number ? null : source.number)}
            >
              <span class="cited">{source.number}</span>
              <span class="place">{placeOf(source)}</span>
            </button>
            {open === source.number && <Passage source={source} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Passage({ source }: { source: Source }) {
  return (
    <blockquote
      class="passage"
      tabIndex={-1}
      ref={bringIntoView}
    >
      {source.text || t("protected")}
    </blockquote>
  );
}

function bringIntoView(quote: HTMLElement | null): void {
  quote?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function placeOf(source: Source): string {
  if (source.part) return `${source.file}, ${source.part}`;
  if (source.page) return t("page_of", { file: source.file, page: source.page });
  return source.heading ? `${source.file}, ${source.heading}` : source.file;
}

function Files({ files }: { files: FileCard[] }) {
  if (!files.length) return null;
  return (
    <ul class="files" aria-label={t("files")}>
      {files.map((file) => (
        <li key={file.id}>
          {file.picture && <Picture file={file} />}
          <button
            type="button"
            class="file"
            onClick={() => void session.try(() => api.save(pathOf(file), file.name))}
            aria-label={t("save_file", { name: file.name })}
          >
            <Icon name="file" />
            <span class="name">{file.name}</span>
            <span class="size">{sizeOf(file.size)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const pathOf = (file: FileCard) => `/chats/${session.state.chat}/files/${file.id}`;

function Picture({ file }: { file: FileCard }) {
  const [address, set] = useState("");
  useEffect(() => {
    let made = "";
    let gone = false;
    api
      .blobOf(`${pathOf(file)}?small=1`)
      .then((found) => {
        made = found;
        if (gone) URL.revokeObjectURL(made);
        else set(made);
      })
      .catch(() => undefined);
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [file.id]);
  return address ? <img class="picture" src={address} alt={file.name} /> : null;
}

const SLOW = 15_000;

export function Coming({ text, step, cut }: { text: string; step: string; cut: boolean }) {
  const [slow, tell] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => tell(true), SLOW);
    return () => clearTimeout(timer);
  }, []);
  return (
    <article class="turn answered coming" aria-label={facts.name} aria-busy="true">
      <Face />
      <div class="body">
        {text ? (
          <Markdown text={text} sources={NONE} />
        ) : (
          <p class="step">
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {step || t("thinking")}
          </p>
        )}
        {slow && !text && !cut && (
          <p class="hint" role="status">
            {t("slow")}
          </p>
        )}
        {cut && (
          <p class="hint" role="status">
            {t("reconnecting")}
          </p>
        )}
      </div>
    </article>
  );
}
