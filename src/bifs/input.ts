// Where programs read standard input from. Tests and embedders put their own function in place of this one.
export interface Input {
  /** Gives the next bytes, or null at the end, to `deliver`, once, and not before it returns. */
  read(deliver: (bytes: Uint8Array | null) => void): void;
}

let ended = false;

export const input: Input = {
  read(deliver) {
    const stdin = process.stdin;
    const stop = (bytes: Uint8Array | null): void => {
      stdin.off('readable', look);
      stdin.off('end', end);
      stdin.off('error', end);
      deliver(bytes);
    };
    const look = (): void => {
      const bytes = stdin.read() as Uint8Array | null;
      if (bytes !== null) stop(bytes);
    };
    const end = (): void => {
      ended = true;
      stop(null);
    };
    if (ended) return queueMicrotask(() => deliver(null));
    stdin.on('readable', look);
    stdin.on('end', end);
    stdin.on('error', end);
  },
};
