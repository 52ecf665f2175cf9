import { facts } from "./facts";

export function sizeOf(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte"] as const;
  const step = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const value = bytes / 1_000 ** step;
  return new Intl.NumberFormat(facts.language, {
    style: "unit",
    unit: units[step],
    maximumFractionDigits: value < 10 && step ? 1 : 0,
  }).format(value);
}

export function dayOf(seconds: number): string {
  const then = new Date(seconds * 1_000);
  const isToday = then.toDateString() === new Date().toDateString();
  const wanted: Intl.DateTimeFormatOptions = isToday ? { timeStyle: "short" } : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(facts.language, wanted).format(then);
}

export function momentOf(seconds: number): string {
  return new Intl.DateTimeFormat(facts.language, { dateStyle: "medium", timeStyle: "short" }).format(seconds * 1_000);
}
