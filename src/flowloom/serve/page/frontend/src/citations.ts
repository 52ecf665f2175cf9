/** How answers cite: [1], [2, 3] and 【4】. */
export const CITATION = /[[【](\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)(?:†[^】【[]*)?[\]】]/g;

export function numbersIn(cited: string): number[] {
  return [...new Set((cited.match(/\d+/g) ?? []).map(Number))];
}
