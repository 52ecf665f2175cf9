import { useState } from "preact/hooks";
import { t } from "./facts";
import { Icon } from "./icons";

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page without https, or a frame, may not: the old way needs no permission.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "away";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [done, set] = useState(false);
  const copy = async () => {
    if (!(await copyText(text))) return;
    set(true);
    setTimeout(() => set(false), 1_800);
  };
  return (
    <button type="button" class="quiet" aria-label={label} title={label} onClick={copy}>
      <Icon name={done ? "check" : "copy"} />
      <span class="away" role="status">
        {done ? t("copied") : ""}
      </span>
    </button>
  );
}
