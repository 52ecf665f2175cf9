import { facts } from "./facts";

/** The picture of the GPT, its emoji, or the first letter of its name. */
export function Face({ large = false }: { large?: boolean }) {
  const size = large ? "face large" : "face";
  if (facts.picture) return <img class={size} src={facts.picture} alt="" />;
  const isLetter = /^[\p{L}\p{N}]$/u.test(facts.sign);
  return (
    <span class={`${size} ${isLetter ? "letter" : "emoji"}`} aria-hidden="true">
      {facts.sign}
    </span>
  );
}
