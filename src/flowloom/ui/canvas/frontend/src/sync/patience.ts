/** Waiting longer after each failure before trying again. */

const FIRST = 400;
const LONGEST = 15_000;

export class Patience {
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly again: () => void) {}

  get isWaiting(): boolean {
    return this.timer !== undefined;
  }

  wait(): void {
    if (this.isWaiting) return;
    // Uneven, so that many pages do not return all at once.
    const uneven = 0.75 + Math.random() / 2;
    this.timer = setTimeout(this.again, Math.min(LONGEST, FIRST * 2 ** this.failures++) * uneven);
  }

  /** Stop waiting, but remember how often it failed. */
  pause(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  end(): void {
    this.failures = 0;
    this.pause();
  }
}
