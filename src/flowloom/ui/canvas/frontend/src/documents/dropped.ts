/** What is dragged over the canvas from elsewhere. */
import type { Dropped } from "./add";

export const carriesFiles = (data: DataTransfer | null) => data?.types.includes("Files") ?? false;

/** The files of a drop, folders by their names. */
export function droppedFiles(data: DataTransfer): Dropped[] {
  const items = [...data.items].filter((item) => item.kind === "file");
  return items.flatMap((item): Dropped[] => {
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) return [{ folder: entry.name }];
    return file ? [file] : [];
  });
}
