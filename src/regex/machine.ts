// The matcher: runs the program of a pattern on a subject, with a stack of its own for what can be tried instead.
//
// A stack entry has four words: its kind and three more. Entries that are popped because something failed either are a
// place to go on at, or undo a change of a register and let the failure go on.
import { type MatchOptions, Newline } from './options.js';
import { How, Op, type SingleKind, UNLIMITED } from './program.js';
import { type Matchable, Subject } from './subject.js';

export const enum Outcome {
  Match,
  NoMatch,
  /** More steps than allowed. */
  Limit,
  /** A group calls itself without having moved on. */
  Loop,
}

const enum Frame {
  /** address, position */
  Alternative,
  /** address (-1: none), position, choice: between the branches of a choice */
  Choice,
  /** register, old value */
  Register,
  /** address if it fails (0: none), position, index of the mark before */
  Mark,
  /** The same, of a negative lookaround. */
  NegativeMark,
  /** -, -, index of the mark before: a call that has not returned */
  Call,
  /** address, first position that is allowed, position: one character less */
  Greedy,
  /** address of the Repeat, position, times left: one character more */
  Lazy,
  /** address of the Loop, position: one time more */
  LoopMore,
  Commit,
  Prune,
  /** -, position */
  Skip,
  /** choice */
  Then,
}

const FRAME = 4;

/** What a return needs; the registers are as they were. */
interface Return {
  group: number;
  address: number;
  position: number;
  registers: Int32Array;
}

let stack = new Int32Array(1 << 12);

/** Most words of the stack: 256 MB. */
const MAX_STACK = 1 << 26;

export class Machine extends Subject {
  private readonly startsAt: number;
  private readonly loopsAt: number;
  private readonly code: Int32Array;
  private steps = 0;
  /** Where the search goes on after (*SKIP); -1: at the next character. */
  private skipTo = -1;
  private committed = false;

  constructor(pattern: Matchable, subject: Uint8Array, options: MatchOptions) {
    const { groups, program } = pattern;
    const startsAt = 2 * (groups + 1);
    const loopsAt = startsAt + groups + 1;
    super(pattern, subject, options, loopsAt + 2 * program.loops);
    this.code = program.code;
    this.startsAt = startsAt;
    this.loopsAt = loopsAt;
  }

  /**
   * Looks for a match from a byte of the subject on. It yields between two places where a match could start, whenever so
   * many places have been tried or times been gone back since the last time as `step` says.
   */
  *search(offset: number, step: () => number): Generator<undefined, Outcome> {
    const { pattern, subject } = this;
    const { atLineStart, required } = pattern.program;
    const first = pattern.options.noStartOptimize ? undefined : pattern.program.first;
    // Where the byte that every match needs was seen.
    let seen = -1;
    const end = subject.length;
    this.searchStart = offset;
    const anchored = pattern.anchored || this.options.anchored;
    // With firstline a match has to start before the first newline, or at it.
    let last = end;
    if (pattern.firstline) {
      last = offset;
      while (last < end && this.newlineLength(last) === 0) last = this.next(last);
    }
    let tried = 0;
    let next = step();
    for (let at = offset; ; ) {
      if (++tried + this.steps > next) {
        yield;
        next = tried + this.steps + step();
      }
      if (!anchored) {
        if (first !== undefined) while (at < last && first[subject[at]] === 0) at++;
        if (atLineStart && at > offset) while (at < last && !this.afterNewline(at)) at = this.next(at);
      }
      if (required >= 0 && (seen = seen < at ? subject.indexOf(required, at) : seen) < 0)
        return Outcome.NoMatch;
      if (at > last || (first !== undefined && !anchored && at >= end)) return Outcome.NoMatch;
      if (first === undefined || at >= end || first[subject[at]] !== 0) {
        const outcome = this.run(at);
        if (outcome !== Outcome.NoMatch) return outcome;
      }
      if (anchored || this.committed) return Outcome.NoMatch;
      if (this.skipTo > at) at = this.skipTo;
      else {
        if (at >= end) return Outcome.NoMatch;
        const before = subject[at];
        at = this.next(at);
        // A CRLF counts as one, unless the pattern itself speaks of one of them.
        const pairs =
          this.newline === Newline.Any || this.newline === Newline.AnyCrLf || this.newline === Newline.CrLf;
        if (before === 13 && at < end && subject[at] === 10 && pairs && !pattern.hasNewlines) at++;
      }
    }
  }

  /** Tries to match at one place. */
  private run(start: number): Outcome {
    const { code, registers, subject, pattern, options, startsAt, loopsAt } = this;
    const { unicode } = pattern;
    const { groupLists } = pattern.program;
    const loopPositions = loopsAt + pattern.program.loops;
    const limit = options.matchLimit;
    registers.fill(-1);
    registers[0] = start;
    this.skipTo = -1;
    const returns: Return[] = [];
    let top = 0;
    let mark = -1;
    let pc = 0;
    let at = start;

    const push = (kind: Frame, a: number, b: number, c: number): void => {
      if (top + FRAME > stack.length) {
        const larger = new Int32Array(stack.length * 2);
        larger.set(stack);
        stack = larger;
      }
      stack[top] = kind;
      stack[top + 1] = a;
      stack[top + 2] = b;
      stack[top + 3] = c;
      top += FRAME;
    };
    const set = (register: number, value: number): void => {
      if (registers[register] === value) return;
      push(Frame.Register, register, registers[register], 0);
      registers[register] = value;
    };
    /** Forgets what can be tried above the mark, but not what has to be undone. */
    const cut = (verbs: boolean): void => {
      const from = mark;
      mark = stack[from + 3];
      let to = from;
      for (let i = from + FRAME; i < top; i += FRAME) {
        const kind = stack[i];
        if (kind !== Frame.Register && !(verbs && kind >= Frame.Commit)) continue;
        stack.copyWithin(to, i, i + FRAME);
        to += FRAME;
      }
      top = to;
    };
    /** Takes away everything above a place of the stack, and undoes it. */
    const undoTo = (place: number): void => {
      while (top > place) {
        top -= FRAME;
        const kind = stack[top];
        if (kind === Frame.Register) registers[stack[top + 1]] = stack[top + 2];
        else if (kind === Frame.Call) returns.pop();
        if (kind === Frame.Call || kind === Frame.Mark || kind === Frame.NegativeMark) mark = stack[top + 3];
      }
    };
    /** A call comes back: captures are what they were, but not where the match starts (\K). */
    const comeBack = (): void => {
      const back = returns.pop()!;
      const kept = registers[0];
      registers.set(back.registers);
      top = mark;
      mark = stack[top + 3];
      pc = back.address;
      set(0, kept);
    };
    /** A verb does not reach beyond a call, which fails, or a negative lookaround, which holds. Whether it was inside one. */
    const isHeldBack = (): boolean => {
      for (let m = mark; m >= 0; m = stack[m + 3]) {
        if (stack[m] === Frame.Mark) continue;
        undoTo(m + FRAME);
        return true;
      }
      return false;
    };

    for (;;) {
      let failed = false;
      switch (code[pc] as Op) {
        case Op.Single:
          at = this.step(code[pc + 1], code[pc + 2], at);
          if (at < 0) failed = true;
          else pc += 3;
          break;
        case Op.Repeat: {
          const kind = code[pc + 1] as SingleKind;
          const argument = code[pc + 2];
          const min = code[pc + 3];
          const max = code[pc + 4];
          const how = code[pc + 5] as How;
          let n = 0;
          const first = code[pc + 6];
          for (; n < min; n++) {
            const next = this.step(kind, first, at);
            if (next < 0) break;
            at = next;
          }
          if (n < min) {
            failed = true;
            break;
          }
          if (how === How.Lazy) {
            if (max > min) push(Frame.Lazy, pc, at, max === UNLIMITED ? UNLIMITED : max - min);
            pc += 7;
            break;
          }
          const least = at;
          for (; n < max; n++) {
            const next = this.step(kind, argument, at);
            if (next < 0) break;
            at = next;
          }
          pc += 7;
          if (how === How.Greedy && at > least) push(Frame.Greedy, pc, least, at);
          break;
        }
        case Op.Jump:
          pc = code[pc + 1];
          break;
        case Op.Split:
          push(Frame.Alternative, code[pc + 1], at, 0);
          pc += 2;
          break;
        case Op.Choice:
          push(Frame.Choice, code[pc + 1], at, code[pc + 2]);
          pc += 3;
          break;
        case Op.SplitAway:
          push(Frame.Alternative, pc + 2, at, 0);
          pc = code[pc + 1];
          break;
        case Op.Open:
          set(startsAt + code[pc + 1], at);
          pc += 2;
          break;
        case Op.Close: {
          const group = code[pc + 1];
          if (returns.length > 0 && returns[returns.length - 1].group === group) {
            comeBack();
            break;
          }
          set(2 * group, registers[startsAt + group]);
          set(2 * group + 1, at);
          pc += 2;
          break;
        }
        case Op.LoopStart:
          set(loopsAt + code[pc + 1], 0);
          set(loopPositions + code[pc + 1], -1);
          pc += 2;
          break;
        case Op.Loop: {
          const loop = code[pc + 1];
          const count = registers[loopsAt + loop];
          const min = code[pc + 2];
          if (count >= min) {
            // Without a limit, a time that took nothing is the last one.
            const max = code[pc + 3];
            const stop =
              count >= max || (max === UNLIMITED && count > 0 && registers[loopPositions + loop] === at);
            if (stop || code[pc + 4] === 1) {
              if (!stop) push(Frame.LoopMore, pc, at, 0);
              pc = code[pc + 5];
              break;
            }
            push(Frame.Alternative, code[pc + 5], at, 0);
          }
          set(loopsAt + loop, count + 1);
          set(loopPositions + loop, at);
          pc += 6;
          break;
        }
        case Op.Mark:
          push(code[pc + 2] === 1 ? Frame.NegativeMark : Frame.Mark, code[pc + 1], at, mark);
          mark = top - FRAME;
          pc += 3;
          break;
        case Op.AtomicEnd:
          cut(true);
          pc++;
          break;
        case Op.LookEnd:
          at = stack[mark + 2];
          cut(false);
          pc++;
          break;
        case Op.NegativeEnd:
          at = stack[mark + 2];
          undoTo(mark);
          if (code[pc + 1] === 0) failed = true;
          else pc = code[pc + 1];
          break;
        case Op.Behind: {
          let n = code[pc + 1];
          for (; n > 0 && at > 0; n--) at = this.previous(at);
          if (n > 0) failed = true;
          else pc += 2;
          break;
        }
        case Op.Back:
          at = this.back(groupLists[code[pc + 1]], code[pc + 2] === 1, at);
          if (at < 0) failed = true;
          else pc += 3;
          break;
        case Op.Call: {
          const group = code[pc + 1];
          if (returns.some((r) => r.group === group && r.position === at)) return Outcome.Loop;
          push(Frame.Call, 0, 0, mark);
          mark = top - FRAME;
          returns.push({ group, address: pc + 3, position: at, registers: registers.slice() });
          pc = code[pc + 2];
          break;
        }
        case Op.IfGroup:
          if (groupLists[code[pc + 1]].some((g) => registers[2 * g + 1] >= 0)) pc += 3;
          else pc = code[pc + 2];
          break;
        case Op.IfRecursion: {
          const group = code[pc + 1];
          const inside = returns.length > 0 && (group < 0 || returns[returns.length - 1].group === group);
          pc = inside ? pc + 3 : code[pc + 2];
          break;
        }
        case Op.Position:
          if (this.holds(code[pc + 1], at)) pc += 2;
          else failed = true;
          break;
        case Op.Newline:
          at = this.newlineSequence(at);
          if (at < 0) failed = true;
          else pc++;
          break;
        case Op.Keep:
          set(0, at);
          pc++;
          break;
        case Op.Match:
        case Op.Accept:
          if (returns.length > 0 && (code[pc] === Op.Accept || returns[returns.length - 1].group === 0)) {
            comeBack();
            break;
          }
          if (
            (options.notempty && at === registers[0]) ||
            (options.notemptyAtStart && at === registers[0] && at === this.searchStart)
          ) {
            failed = true;
            break;
          }
          registers[1] = at;
          return Outcome.Match;
        case Op.Fail:
          failed = true;
          break;
        case Op.Commit:
          push(Frame.Commit, 0, 0, 0);
          pc++;
          break;
        case Op.Prune:
          push(Frame.Prune, 0, 0, 0);
          pc++;
          break;
        case Op.Skip:
          push(Frame.Skip, 0, at, 0);
          pc++;
          break;
        case Op.Then:
          push(Frame.Then, code[pc + 1], 0, 0);
          pc += 2;
          break;
      }
      if (!failed) {
        if (top > MAX_STACK) return Outcome.Limit;
        continue;
      }
      // Back to what can be tried instead.
      if (++this.steps > limit) return Outcome.Limit;
      for (let resumed = false; !resumed; ) {
        if (top === 0) return Outcome.NoMatch;
        top -= FRAME;
        const a = stack[top + 1];
        const b = stack[top + 2];
        switch (stack[top] as Frame) {
          case Frame.Alternative:
          case Frame.Choice:
            if (a < 0) break;
            pc = a;
            at = b;
            resumed = true;
            break;
          case Frame.Register:
            registers[a] = b;
            break;
          case Frame.Mark:
          case Frame.NegativeMark:
            mark = stack[top + 3];
            if (a !== 0) {
              pc = a;
              at = b;
              resumed = true;
            }
            break;
          case Frame.Call:
            mark = stack[top + 3];
            returns.pop();
            break;
          case Frame.Greedy: {
            at = stack[top + 3] - 1;
            if (unicode) while ((subject[at] & 0xc0) === 0x80) at--;
            pc = a;
            if (at > b) {
              stack[top + 3] = at;
              top += FRAME;
            }
            resumed = true;
            break;
          }
          case Frame.Lazy: {
            const next = this.step(code[a + 1], code[a + 2], b);
            if (next < 0) break;
            const left = stack[top + 3];
            if (left > 1) push(Frame.Lazy, a, next, left === UNLIMITED ? left : left - 1);
            at = next;
            pc = a + 7;
            resumed = true;
            break;
          }
          case Frame.LoopMore: {
            const loop = code[a + 1];
            at = b;
            set(loopsAt + loop, registers[loopsAt + loop] + 1);
            set(loopPositions + loop, at);
            pc = a + 6;
            resumed = true;
            break;
          }
          case Frame.Commit:
            if (isHeldBack()) break;
            this.committed = true;
            return Outcome.NoMatch;
          case Frame.Prune:
            if (isHeldBack()) break;
            return Outcome.NoMatch;
          case Frame.Skip:
            if (isHeldBack()) break;
            this.skipTo = b;
            return Outcome.NoMatch;
          case Frame.Then: {
            // On to the next branch of the choice around it; but a group that is called fails as a whole.
            const called =
              returns.length > 0 && stack[mark] === Frame.Call ? returns[returns.length - 1].group : -1;
            if (called >= 0 && pattern.program.choiceOfGroup[called] === a && isHeldBack()) break;
            let choice = top - FRAME;
            while (choice >= 0 && !(stack[choice] === Frame.Choice && stack[choice + 3] === a)) {
              choice =
                stack[choice] === Frame.Call || stack[choice] === Frame.NegativeMark ? -1 : choice - FRAME;
            }
            if (choice >= 0) undoTo(choice + FRAME);
            else if (!isHeldBack()) return Outcome.NoMatch;
            break;
          }
        }
      }
    }
  }
}
