import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  encodeTerm,
  parseCall,
  parseForms,
  parseTerm,
  parseTerms,
  TermSyntaxError,
} from '../dist/load/erlang-term.js';

const golden = readFileSync(new URL('golden/erlang-term.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; external: string });

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('parseTerm and encodeTerm', () => {
  it.each(golden)('$text is what term_to_binary makes of it', ({ text, external }) => {
    expect(hex(encodeTerm(parseTerm(text)))).toBe(external);
    expect(hex(encodeTerm(parseTerm(`\n%c\n ${text} .`)))).toBe(external);
  });

  it('encodes long lists, tuples and integers', () => {
    const longList = encodeTerm(parseTerm(`[${new Array(70000).fill('1').join(',')}]`));
    expect(longList[1]).toBe(108);
    const longTuple = encodeTerm(parseTerm(`{${new Array(300).fill('a').join(',')}}`));
    expect(hex(longTuple.subarray(0, 6))).toBe('83690000012c');
    const longInteger = encodeTerm(parseTerm(`16#1${'0'.repeat(600)}`));
    expect(hex(longInteger.subarray(0, 7))).toBe('836f0000012d00');
  });

  it.each([
    ['', 'line 1, column 1: a term was expected; the text ends here'],
    ['X', 'line 1, column 1: variables have no value here; found "X"'],
    ['{a', "line 1, column 3: '}' is missing or a comma; the text ends here"],
    ['[1,]', 'line 1, column 4: a term was expected; found "]"'],
    ['[a|b,c]', 'line 1, column 5: \']\' is missing behind the tail; found ","'],
    ['a b', 'line 1, column 3: nothing more was expected; found "b"'],
    ['\n\n  {a, b c}', 'line 3, column 9: \'}\' is missing or a comma; found "c"'],
    ["'abc", "line 1, column 1: the closing ' is missing"],
    ['"abc', 'line 1, column 1: the closing " is missing'],
    ['1e5', 'line 1, column 2: a number cannot be followed by this; found "e5"'],
    ['37#1', 'line 1, column 1: the base of a number must be from 2 to 36, not 37'],
    ['2#12', "line 1, column 1: '2' is not a digit in base 2"],
    ['1.0e999', 'line 1, column 1: a float this large cannot be represented'],
    ['$', 'line 1, column 2: a character was expected behind $; the text ends here'],
    ['"\\x{110000}"', 'line 1, column 2: x{110000} is not a character'],
    ['end', "line 1, column 1: 'end' is a reserved word; as an atom it needs quotes"],
    ['#rec{}', "line 1, column 2: '{' is missing behind '#' (records are not known here); found \"rec\""],
    ['#{a}', 'line 1, column 4: \'=>\' is missing between key and value; found "}"'],
    ['<<a>>', 'line 1, column 3: a binary is made of numbers, strings and binaries'],
    ['<<1:9999999999>>', 'line 1, column 3: this size is not possible'],
    ['<<1/foo>>', 'line 1, column 3: foo is not a type of a binary segment'],
    [
      'fun m:f',
      "line 1, column 8: '/' is missing between function and arity, as in fun m:f/1; the text ends here",
    ],
    ['fun m:f/256', 'line 1, column 9: an arity from 0 to 255 was expected'],
    ['-a', 'line 1, column 2: a number must follow the sign; found "a"'],
    ['['.repeat(100_000), 'line 1, column 1001: terms are nested more than 1000 deep'],
    [`'${'a'.repeat(256)}'`, 'line 1, column 1: an atom is longer than 255 characters'],
    ['a'.repeat(256), 'line 1, column 1: an atom is longer than 255 characters'],
  ])('%.40s is refused', (text, message) => {
    expect(() => parseTerm(text)).toThrow(TermSyntaxError);
    expect(() => parseTerm(text)).toThrow(message);
  });
});

describe('forms', () => {
  it('are separated by dots, with comments and lines', () => {
    const forms = parseForms('%% head\n{a, 1}. % one\n\n  return.\n"x.y" .');
    expect(forms.map((f) => [f.line, hex(encodeTerm(f.term))])).toEqual([
      [2, '836802770161' + '6101'],
      [4, '83770672657475726e'],
      [5, '836b0003782e79'],
    ]);
    expect(parseTerms('')).toEqual([]);
    expect(parseTerms('% only a comment')).toEqual([]);
  });

  it.each([
    ['{a}', 'line 1, column 4: a dot is missing at the end of the term; the text ends here'],
    ['{a}.b.', 'line 1, column 4: a dot is missing at the end of the term; found "."'],
    ['a.\nb c.', 'line 2, column 3: a dot is missing at the end of the term; found "c"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseTerms(text)).toThrow(message);
  });
});

describe('parseCall', () => {
  it.each([
    ['fib:run(30)', 'fib', 'run', ['83611e']],
    ['fib:run()', 'fib', 'run', []],
    [" 'A':'b c' ( [1] , {x} ) . ", 'A', 'b c', ['836b000101', '836801770178']],
  ])('%s', (text, module, name, args) => {
    const call = parseCall(text);
    expect({ ...call, args: call.args.map(hex) }).toEqual({ module, name, args });
  });

  it.each([
    [
      'fib',
      "line 1, column 4: ':' is missing between module and function, as in fib:run(30); the text ends here",
    ],
    ['fib:run', "line 1, column 8: '(' is missing before the arguments, as in fib:run(); the text ends here"],
    ['fib:run(30', "line 1, column 11: ')' is missing or a comma; the text ends here"],
    ['fib:run(30) + 1', 'line 1, column 13: nothing more was expected; found "+"'],
    ['Fib:run()', 'line 1, column 1: a module name, as in fib:run(30), was expected; found "Fib"'],
    ['fib:run(N)', 'line 1, column 9: variables have no value here; found "N"'],
    ['fib:run(self())', 'line 1, column 13: \')\' is missing or a comma; found "("'],
  ])('%s is refused', (text, message) => {
    expect(() => parseCall(text)).toThrow(message);
  });
});
