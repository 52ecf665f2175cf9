/** What a browser keeps of this page; null where it may keep nothing. */

export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
