// Where programs read standard input from. Tests and embedders put their own function in place of this one.
export interface Input {
  /** Gives the next bytes, or null at the end, to `deliver`, once, and not before it returns. */
  read(deliver: (bytes: Uint8Array | null) => void): void;
}

let begun = false;
let ended = false;
/** Who waits for bytes. */
let waiting: ((bytes: Uint8Array | null) => void) | undefined;

/** Hands over what there is. Nothing is read ahead of what the stream keeps, while nobody asks. */
function look(): void {
  if (waiting === undefined) return;
  const bytes = process.stdin.read() as Uint8Array | null;
  if (bytes === null && !ended) return;
  const deliver = waiting;
  waiting = undefined;
  deliver(bytes);
}

function end(): void {
  ended = true;
  look();
}

export const input: Input = {
  read(deliver) {
    waiting = deliver;
    if (!begun) {
      begun = true;
      process.stdin.on('readable', look);
      process.stdin.on('end', end);
      // A closed or unreadable input is one that has ended.
      process.stdin.on('error', end);
      process.stdin.on('close', end);
    }
    setImmediate(look);
  },
};
