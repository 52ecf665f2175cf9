/** The field in which a person searches for a block. */
import type { KeyboardEvent } from "react";
import { Icon } from "./board/Icon";
import { useCanvas } from "./context";

interface Props {
  query: string;
  search: (query: string) => void;
  /** Take the first that is found. */
  enter: () => void;
  /** Go on to what is found. */
  down?: (event: KeyboardEvent<HTMLElement>) => void;
}

export function SearchField({ query, search, enter, down }: Props) {
  const { say } = useCanvas();
  const hear = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown") return down?.(event);
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    enter();
  };
  return (
    <label className="fl-search">
      <Icon name="search" />
      <input
        type="search"
        value={query}
        placeholder={say("search_blocks")}
        aria-label={say("search_blocks")}
        onChange={(event) => search(event.target.value)}
        onKeyDown={hear}
      />
    </label>
  );
}
