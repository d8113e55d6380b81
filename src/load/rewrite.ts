// Small changes to the code of a function before it is verified, so that nothing behind has to know two forms of a thing.
import { FUN_WORDS } from './heap-need.js';
import type { BeamModule, FunctionCode, Instruction, Operand } from './module.js';
import { Op } from './opcodes.js';

/** Makes these changes in a function that is checked already. */
export function rewriteFunction(m: BeamModule, f: FunctionCode): void {
  if (f.code.some(({ op }) => op === Op.make_fun2)) f.code = f.code.flatMap((i) => replaceMakeFun2(m, i));
  if (f.code.some(({ op }) => op === Op.try_case)) f.code = guardHandlers(f.code);
}

/**
 * make_fun2, which compilers before OTP 24 emit, takes the free variables from X registers and makes room for the fun itself.
 * It becomes the two instructions that later compilers emit for the same.
 */
function replaceMakeFun2(m: BeamModule, instruction: Instruction): Instruction | Instruction[] {
  if (instruction.op !== Op.make_fun2) return instruction;
  const index = instruction.args[0]!;
  const { free } = m.lambdas[(index as { n: number }).n]!;
  const variables = Array.from({ length: free }, (_, n): Operand => ({ kind: 'x', n }));
  const count = (n: number): Operand => ({ kind: 'unsigned', n });
  return [
    { op: Op.test_heap, args: [count(FUN_WORDS + free), count(free)] },
    { op: Op.make_fun3, args: [index, { kind: 'x', n: 0 }, { kind: 'list', items: variables }] },
  ];
}

/**
 * Where the compiler knows that a function only raises, it lets control go on to the handler of the exception. A handler
 * takes what it handles from registers, so if the function returns after all, that must not be an entrance: if_end is put
 * in the way.
 */
function guardHandlers(code: Instruction[]): Instruction[] {
  const handlers = new Set<number>();
  code.forEach(({ op, args }, i) => {
    if (op === Op.label && code[i + 1]?.op === Op.try_case) handlers.add((args[0] as { n: number }).n);
  });
  const inTheWay: Instruction = { op: Op.if_end, args: [] };
  return code.flatMap((instruction) => {
    const { op, args } = instruction;
    const [label] = args;
    if (op === Op.jump && label?.kind === 'label' && handlers.has(label.n)) return inTheWay;
    if (op === Op.label && handlers.has((label as { n: number }).n)) return [inTheWay, instruction];
    return instruction;
  });
}
