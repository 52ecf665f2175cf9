/** What the GPT asks on its way: a form, a choice or an approval, as the controls a person knows. */

import { useState } from "preact/hooks";
import { facts, t } from "./facts";
import { momentOf } from "./formatting";
import { Icon } from "./icons";
import { Markdown } from "./markdown";
import { session } from "./session";
import type { Field, Question } from "./types";

export function QuestionCard({ question }: { question: Question }) {
  const id = `question-${question.id.replace(/\W/g, "-")}`;
  return (
    <section class="question" aria-labelledby={id}>
      <h2 id={id}>
        <Icon name="ask" />
        {question.title}
      </h2>
      {question.text && <Markdown text={question.text} sources={[]} onCite={() => undefined} />}
      {question.exact && <pre class="exact" tabIndex={0}>{question.exact}</pre>}
      {question.fields.length ? <Form question={question} id={id} /> : <Choices question={question} id={id} />}
      {question.deadline !== null && <p class="hint">{t("answer_by", { when: momentOf(question.deadline) })}</p>}
    </section>
  );
}

function Choices({ question, id }: { question: Question; id: string }) {
  const [comment, set] = useState("");
  return (
    <>
      {question.remark && (
        <label class="field" for={`${id}-comment`}>
          <span>{t("comment")}</span>
          <input
            id={`${id}-comment`}
            value={comment}
            maxLength={2_000}
            onInput={(event) => set(event.currentTarget.value)}
          />
        </label>
      )}
      <div class="choices">
        {question.choices.map((choice, place) => (
          <button
            type="button"
            key={choice.id}
            class={place ? "plain" : "main"}
            onClick={() => void session.answer(question.id, { choice: choice.id, comment })}
          >
            {choice.label}
          </button>
        ))}
      </div>
    </>
  );
}

type Values = Record<string, string | number | boolean | null>;

function Form({ question, id }: { question: Question; id: string }) {
  const [values, set] = useState<Values>(() =>
    Object.fromEntries(question.fields.map((field) => [field.name, beginningOf(field)])),
  );
  const [missing, tell] = useState<string[]>([]);
  const send = (event: Event) => {
    event.preventDefault();
    const empty = question.fields.filter((field) => field.required && isEmpty(values[field.name]));
    tell(empty.map((field) => field.name));
    if (empty.length) document.getElementById(`${id}-${question.fields.indexOf(empty[0]!)}`)?.focus();
    else void session.answer(question.id, { values });
  };
  return (
    <form onSubmit={send} noValidate>
      {question.fields.map((field, place) => (
        <FieldRow
          key={field.name}
          field={field}
          id={`${id}-${place}`}
          value={values[field.name] ?? null}
          isMissing={missing.includes(field.name)}
          onChange={(value) => set({ ...values, [field.name]: value })}
        />
      ))}
      <div class="choices">
        <button type="submit" class="main">
          {t("send")}
        </button>
      </div>
    </form>
  );
}

const beginningOf = (field: Field) => field.value ?? (field.type === "boolean" ? false : "");
const isEmpty = (value: unknown) => value === null || value === undefined || value === "";

interface RowProps {
  field: Field;
  id: string;
  value: string | number | boolean | null;
  isMissing: boolean;
  onChange: (value: string | boolean) => void;
}

const NUMBER = { type: "number", step: "any", inputMode: "decimal" } as const;
const TEXT = { type: "text", list: undefined } as const;

function FieldRow({ field, id, value, isMissing, onChange }: RowProps) {
  if (field.type === "boolean") {
    return (
      <label class="field check" for={id}>
        <input id={id} type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
        <span>{field.name}</span>
      </label>
    );
  }
  return (
    <div class="field">
      <label for={id}>
        {field.name}
        {!field.required && <span class="optional"> {t("optional")}</span>}
      </label>
      <input
        id={id}
        {...(field.type === "number" ? NUMBER : TEXT)}
        lang={facts.language}
        value={String(value ?? "")}
        maxLength={10_000}
        required={field.required}
        aria-invalid={isMissing}
        aria-describedby={isMissing ? `${id}-missing` : undefined}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {isMissing && (
        <p class="missing" id={`${id}-missing`}>
          {t("fill_in")}
        </p>
      )}
    </div>
  );
}
