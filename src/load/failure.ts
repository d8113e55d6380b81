// What is said when an instruction of a function is wrong, or a file can not be read.
import { identityText } from './identify.js';
import { type BeamModule, type FunctionCode, type Instruction, LoadError } from './module.js';
import { OPCODES } from './opcodes.js';

/**
 * Says what is wrong with instruction number `index` (from 0) of a function, as in
 * `f/1, offset 41 of the Code chunk, instruction 3 (get_list): ...`.
 *
 * @param code the function's code, in which tests may have been put that the file does not have
 */
export function failAt(
  m: Pick<BeamModule, 'name' | 'path' | 'otp'>,
  f: Pick<FunctionCode, 'name' | 'arity'>,
  code: readonly Instruction[],
  index: number,
  what: string,
): never {
  const { op, at } = code[index]!;
  const file =
    at === undefined ? '' : m.path.endsWith('.S') ? `, line ${at}` : `, offset ${at} of the Code chunk`;
  const where = `${f.name}/${f.arity}${file}, instruction ${index + 1} (${OPCODES[op]!.name})`;
  throw new LoadError(m.path, `${where}: ${what}`).concerns(identityText({ module: m.name, otp: m.otp }));
}

/** The error for a file that can not be read. */
export function unreadable(path: string, error: unknown): LoadError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new LoadError(path, 'no such file', 'check the path');
  return new LoadError(
    path,
    `cannot be read (${code})`,
    'name a file that can be, a .beam file, a listing (.S) or a source (.erl)',
  );
}
