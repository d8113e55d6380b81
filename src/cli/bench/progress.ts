// How far a long command is: one line on stderr that is written over, or, where that is no terminal, a line a step.
import { printError } from '../output.js';

/** Characters a line may have where the terminal does not tell. */
const WIDTH = 80;

export class Progress {
  private done = 0;
  private shown = false;
  private readonly isOn: boolean;
  private readonly began = performance.now();

  /**
   * @param steps how many there will be
   * @param wanted --progress was given: show it even if stderr is no terminal
   */
  constructor(
    private steps: number,
    wanted: boolean,
    private readonly isTerminal = process.stderr.isTTY === true,
  ) {
    this.isOn = wanted || isTerminal;
  }

  /** A step begins. */
  begin(what: string): void {
    if (!this.isOn) return;
    const line = `[${this.done + 1}/${this.steps}] ${what}${this.remaining()}`;
    if (!this.isTerminal) {
      printError(`${line}\n`);
      return;
    }
    const width = (process.stderr.columns || WIDTH) - 1;
    printError(`\r\x1b[K${line.slice(0, width)}`);
    this.shown = true;
  }

  end(): void {
    this.done++;
  }

  /** So many steps will not be. */
  skip(steps: number): void {
    this.steps -= steps;
  }

  /** Takes the line away, before something else is printed. */
  clear(): void {
    if (this.shown) printError('\r\x1b[K');
    this.shown = false;
  }

  /** `, about 3 min left`, once there is something to tell from. */
  private remaining(): string {
    if (this.done < 2) return '';
    const seconds = ((performance.now() - this.began) / this.done / 1000) * (this.steps - this.done);
    return seconds < 100
      ? `, about ${Math.ceil(seconds)} s left`
      : `, about ${Math.round(seconds / 60)} min left`;
  }
}
