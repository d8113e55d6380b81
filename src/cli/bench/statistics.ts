// What is said of measured times: their median, how sure that is, and means of ratios.

/** An interval in which the true value lies, with that probability. */
export interface Interval {
  low: number;
  high: number;
  /** From 0 to 1. */
  level: number;
}

/** What intervals are asked to reach. */
export const LEVEL = 0.95;

/** The median: the middle, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * A confidence interval of the median, from ranks: the k-th smallest and the k-th largest number, with the greatest k that
 * reaches 95 %. It takes nothing for granted of how times are distributed (they are skewed, and have outliers) but that
 * the runs are independent; runs of one process are that only nearly. Whether a run is above the true median is
 * the toss of a coin, so the level is 1 - 2 * P(Binomial(n, 1/2) < k). Below 6 runs no interval reaches 95 %: it is then
 * all of the range, at its own level (5 runs: 94 %, 3 runs: 75 %, one run: 0).
 */
export function medianInterval(numbers: readonly number[]): Interval {
  const sorted = [...numbers].sort((a, b) => a - b);
  const n = sorted.length;
  // Probabilities as logarithms: 2^-n is 0 for the greatest n that the command line takes.
  let logTerm = -n * Math.LN2;
  let outside = 2 * Math.exp(logTerm);
  let k = 1;
  let level = 1 - outside;
  for (; 2 * (k + 1) <= n; k++) {
    logTerm += Math.log((n - k + 1) / k);
    outside += 2 * Math.exp(logTerm);
    if (1 - outside < LEVEL) break;
    level = 1 - outside;
  }
  return { low: sorted[k - 1]!, high: sorted[n - k]!, level };
}

/** How far the interval reaches from the median, on its longer side, as a share of the median. */
export function relativeError(numbers: readonly number[]): number {
  const middle = median(numbers);
  const { low, high } = medianInterval(numbers);
  return middle === 0 ? 0 : Math.max(high - middle, middle - low) / middle;
}

/** The geometric mean of what is above 0; undefined if nothing is. */
export function geometricMean(numbers: readonly number[]): number | undefined {
  const logs = numbers.filter((x) => x > 0).map(Math.log);
  return logs.length === 0 ? undefined : Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length);
}
