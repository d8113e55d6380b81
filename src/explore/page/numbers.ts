// Numbers as people read them.

export const count = (n: number): string =>
  n < 1e6
    ? n.toLocaleString('en')
    : n < 1e9
      ? `${(n / 1e6).toPrecision(3)} M`
      : `${(n / 1e9).toPrecision(3)} G`;

export const duration = (ms: number): string =>
  ms >= 1000
    ? `${(ms / 1000).toPrecision(3)} s`
    : ms >= 10
      ? `${Math.round(ms)} ms`
      : ms >= 1
        ? `${ms.toFixed(1)} ms`
        : `${ms.toFixed(2)} ms`;

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;
