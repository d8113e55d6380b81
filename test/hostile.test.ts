// Listings that no compiler would make: each does something that would harm a machine which trusts its code. They are refused, or
// the program fails as Erlang programs fail; the engine goes on either way.
import { describe, expect, it } from 'vitest';
import { loadFailures } from '../dist/code/load-failures.js';
import { install } from '../dist/code/server.js';
import { translation } from '../dist/jit/translate.js';
import { parseCall } from '../dist/load/erlang-term.js';
import { readListing } from '../dist/load/listing.js';
import { LoadError } from '../dist/load/module.js';
import { callFunction, loadBytes, settings } from '../dist/runtime.js';
import { work } from '../dist/settings.js';
import { formatTerm } from '../dist/terms/format.js';

let modules = 0;

/** A module with f/Arity, entry label 2, exported, and id/1, entry label 92; MODULE stands for its name. */
function listing(name: string, arity: number, body: string, rest = ''): string {
  const text = `{module, ${name}}. {exports,[{f,${arity}}]}. {attributes,[]}. {labels,100}.
     {function,f,${arity},2}. {label,1}. {func_info,{atom,${name}},{atom,f},${arity}}. {label,2}. ${body}
     ${rest}
     {function,id,1,92}. {label,91}. {func_info,{atom,${name}},{atom,id},1}. {label,92}. return.`;
  return text.replaceAll('MODULE', name);
}

/**
 * What a call of f gives: its value, `exit: ` and the reason without stack traces, how else it ended, or `refused: ` and why.
 * @param when its functions are checked: when it is loaded, as listings are, or when they are called, as those of .beam files are
 */
async function run(
  jit: 'off' | 'eager',
  when: 'load' | 'call',
  body: string,
  args: string,
  rest?: string,
): Promise<string> {
  const name = `hostile_${++modules}`;
  const call = parseCall(`${name}:f(${args})`);
  settings.jit = jit;
  settings.maxHeap = 10_000_000;
  settings.maxReductions = work.reductions + 100_000;
  const refusals: string[] = [];
  loadFailures.report = (message) => refusals.push(message);
  const text = listing(name, call.args.length, body, rest);
  try {
    if (when === 'load') loadBytes(new TextEncoder().encode(text), `${name}.S`);
    else install(readListing(text, `${name}.S`));
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return `refused: ${error.message.replace(/^\S+ /, '')}`;
  }
  const end = await callFunction(name, call.name, call.args, formatTerm);
  if (refusals.length > 0) {
    expect(refusals).toHaveLength(1);
    expect(end.kind === 'exit' && end.text).toMatch(/^\{undef,/);
    return `refused: ${refusals[0]!.replace(/^\S+ /, '')}`;
  }
  if (end.kind === 'value') return end.text;
  if (end.kind !== 'exit') return end.kind;
  const stack = end.text.search(/,\[(?:\{(?:hostile|erlang)|\]\}$)/);
  return `exit: ${stack < 0 ? end.text : end.text.slice(1, stack)}`;
}

const DONE = '{move,{atom,done},{x,0}}. return.';

const cases: [what: string, body: string, args: string, outcome: string | RegExp, rest?: string][] = [
  // Terms of the wrong kind.
  ['an element beyond a tuple', '{get_tuple_element,{x,0},7,{x,0}}. return.', '{a, b}', 'exit: badarg'],
  ['an element of a float', '{get_tuple_element,{x,0},0,{x,0}}. return.', '1.5', 'exit: badarg'],
  ['an element of an integer', '{get_tuple_element,{x,0},0,{x,0}}. return.', '268435456', 'exit: badarg'],
  [
    'the head of a binary',
    '{get_hd,{x,0},{x,0}}. return.',
    '<<"abcdefgh">>',
    'exit: {badmatch,<<97,98,99,100,101,102,103,104>>}',
  ],
  ['the tail of nil', '{get_tl,{x,0},{x,0}}. return.', '[]', 'exit: {badmatch,[]}'],
  ['the parts of an atom', '{get_list,{x,0},{x,0},{x,1}}. return.', 'a', 'exit: {badmatch,a}'],
  [
    'the arity of an integer that looks like an address',
    '{test,test_arity,{f,1},[{x,0},2]}. {get_tuple_element,{x,0},1,{x,0}}. return.',
    '268435456',
    'exit: function_clause',
  ],
  [
    'the arity, to select, of an integer that looks like an address',
    '{select_tuple_arity,{x,0},{f,1},{list,[2,{f,3}]}}. {label,3}. {get_tuple_element,{x,0},1,{x,0}}. return.',
    '268435456',
    'exit: function_clause',
  ],
  [
    'the double of an atom',
    '{fmove,{x,0},{fr,0}}. {test_heap,3,0}. {fmove,{fr,0},{x,0}}. return.',
    'a',
    'exit: {badmatch,a}',
  ],
  [
    'an element of a map',
    `{get_map_elements,{f,1},{x,0},{list,[{atom,a},{x,0}]}}. return.`,
    '{a, b}',
    'exit: function_clause',
  ],
  [
    'a field of the update of a short tuple',
    '{test_heap,9,1}. {update_record,{atom,copy},8,{x,0},{x,0},{list,[8,{atom,a}]}}. return.',
    '{a}',
    'exit: badarg',
  ],
  // What the file says of types is wrong.
  [
    'a list said to be a small integer',
    "{gc_bif,'+',{f,0},1,[{tr,{x,0},{t_integer,{0,10}}},{tr,{x,0},{t_integer,{0,10}}}],{x,0}}. return.",
    '[a]',
    'exit: badarith',
  ],
  [
    'a tuple said to be a small integer',
    "{gc_bif,'bor',{f,0},1,[{tr,{x,0},{t_integer,{0,10}}},{integer,4}],{x,0}}. return.",
    '{a}',
    'exit: badarith',
  ],
  [
    'a large integer said to be small',
    "{gc_bif,'*',{f,0},1,[{tr,{x,0},{t_integer,{0,10}}},{tr,{x,0},{t_integer,{0,10}}}],{x,0}}. return.",
    '1073741823',
    /^-?\d+$/,
  ],
  [
    'an atom said to be a float',
    "{gc_bif,'+',{f,0},1,[{tr,{x,0},{t_float,any}},{float,1.5}],{x,0}}. return.",
    'a',
    'exit: badarith',
  ],
  [
    'a count said to be one number',
    "{gc_bif,'bsl',{f,0},2,[{tr,{x,0},{t_integer,{0,1000000000000}}},{tr,{x,1},{t_integer,{8,8}}}],{x,0}}. return.",
    '7, 100000000000000000000',
    'exit: system_limit',
  ],
  // What is known of a term that changed in between.
  [
    'an element changed where max/2 has given the tuple a second name',
    `{test_heap,4,1}. {put_list,{atom,a},nil,{x,1}}. {put_tuple2,{x,2},{list,[{x,1}]}}. {bif,max,{f,0},[{x,2},{integer,0}],{x,3}}.
     {test,is_eq_exact,{f,1},[{x,3},{x,2}]}. {set_tuple_element,{x,0},{x,2},0}.
     {get_tuple_element,{x,3},0,{x,4}}. {get_hd,{x,4},{x,0}}. return.`,
    '123456',
    /^refused: .*not shown to hold a new tuple/,
  ],
  [
    'an element changed before an exception',
    `{allocate_heap,2,4,1}. {init_yregs,{list,[{y,0},{y,1}]}}. {put_list,{atom,a},nil,{x,1}}. {put_tuple2,{y,0},{list,[{x,1}]}}.
     {'try',{y,1},{f,5}}. {set_tuple_element,{x,0},{y,0},0}. {call,1,{f,12}}. {try_end,{y,1}}. {deallocate,2}. return.
     {label,5}. {try_case,{y,1}}. {get_tuple_element,{y,0},0,{x,0}}. {get_hd,{x,0},{x,0}}. {deallocate,2}. return.`,
    '123456',
    'exit: {badmatch,123456}',
    `{function,g,1,12}. {label,11}. {func_info,{atom,MODULE},{atom,g},1}. {label,12}. {badmatch,{x,0}}.`,
  ],
  [
    'the last X register, which is for tests that the loader puts in',
    `{test_heap,2,2}. {put_list,{atom,a},nil,{x,1023}}. {get_tuple_element,{x,0},0,{x,2}}. {get_hd,{x,1023},{x,0}}. return.`,
    '{123456}, 0',
    /^refused: .*there is no register \{x,1023\}/,
  ],
  [
    'a field that was taken before the match failed',
    `{test_heap,2,1}. {put_list,{atom,a},nil,{x,1}}. {test,bs_start_match3,{f,1},2,[{x,0}],{x,2}}.
     {bs_match,{f,5},{x,2},{commands,[{integer,3,{literal,[]},24,1,{x,1}},{'=:=',{literal,[]},8,255}]}}. return.
     {label,5}. {get_hd,{x,1},{x,0}}. return.`,
    '<<1, 2, 3, 4>>',
    'exit: {badmatch,66051}',
  ],
  [
    'a bitstring that was taken before the match failed, in the place of a small integer',
    `{move,{integer,1},{x,1}}. {test,bs_start_match3,{f,1},2,[{x,0}],{x,2}}.
     {bs_match,{f,5},{x,2},{commands,[{binary,3,{literal,[]},3,8,{x,1}},{'=:=',{literal,[]},8,255}]}}. return.
     {label,5}. {gc_bif,'+',{f,0},2,[{x,1},{integer,40}],{x,0}}. return.`,
    '<<1, 2, 3, 4>>',
    'exit: badarith',
  ],
  [
    'the same in two instructions',
    `{move,{integer,1},{x,1}}. {test,bs_start_match3,{f,1},2,[{x,0}],{x,2}}.
     {test,bs_get_binary2,{f,5},3,[{x,2},{integer,3},8,{field_flags,[]}],{x,1}}.
     {test,bs_get_integer2,{f,5},3,[{x,2},{integer,64},1,{field_flags,[]}],{x,3}}. return.
     {label,5}. {gc_bif,'+',{f,0},2,[{x,1},{integer,40}],{x,0}}. return.`,
    '<<1, 2, 3, 4>>',
    'exit: badarith',
  ],
  [
    'a value that was taken before a key was missing',
    `{test_heap,2,1}. {put_list,{atom,a},nil,{x,1}}. {test,is_map,{f,1},[{x,0}]}.
     {get_map_elements,{f,5},{x,0},{list,[{atom,a},{x,1},{atom,b},{x,2}]}}. return. {label,5}. {get_hd,{x,1},{x,0}}. return.`,
    '#{a => 123456}',
    // A unit looks for all keys before it takes anything.
    /^exit: \{badmatch,123456\}$|^a$/,
  ],
  [
    'the update of a tuple that is larger than it says',
    `{test,is_tuple,{f,1},[{x,0}]}. {test_heap,3,1}. {update_record,{atom,copy},2,{x,0},{x,0},{list,[1,{atom,a}]}}.
     {allocate,0,1}. {call,1,{f,92}}. {deallocate,0}. return.`,
    '{1, 2, 3, 4, 5}',
    '{a,2}',
  ],
  [
    'room that fields of a match which failed have taken',
    `{allocate,0,1}. {move,{x,0},{x,1}}. {test,bs_start_match3,{f,3},2,[{x,0}],{x,2}}. {test_heap,20,3}.
     {bs_match,{f,4},{x,2},{commands,[{binary,3,{literal,[]},64,8,{x,1}},{'=:=',{literal,[]},8,255}]}}. {label,3}. {badmatch,{x,0}}.
     {label,4}. {put_list,{x,0},nil,{x,0}}. {deallocate,0}. return.`,
    '<<0:800>>',
    /^refused: .*takes 2 words of the heap, but only 0/,
  ],
  [
    'room that a large sum has taken',
    `{test_heap,2,1}. {bs_add,{f,1},[{x,0},{x,0},1],{x,1}}. {put_list,{x,0},{x,1},{x,0}}. return.`,
    '1000000000000',
    /^refused: .*takes 2 words of the heap, but only 0/,
  ],
  [
    'a match in a number that is said to be a bitstring',
    `{bs_start_match4,{atom,no_fail},1,{x,0},{x,1}}.
     {test,bs_get_integer2,{f,1},2,[{x,1},{integer,8},1,{field_flags,[]}],{x,0}}. return.`,
    '123456',
    'exit: badarg',
  ],
  // Native records.
  [
    'a record with a number for a name',
    '{put_record,{f,0},{x,0},nil,{x,1},1,{list,[]}}. {move,{x,1},{x,0}}. return.',
    '123456',
    'exit: {badrecord,123456}',
  ],
  [
    'fields of what is no record, without a label',
    '{get_record_elements,{f,0},{x,0},{list,[{atom,a},{x,1}]}}. {move,{x,1},{x,0}}. return.',
    '123456',
    'exit: {badrecord,123456}',
  ],
  // The heap.
  [
    'a cell without room',
    '{put_list,{x,0},nil,{x,0}}. return.',
    'a',
    /^refused: .*takes 2 words of the heap, but only 0/,
  ],
  [
    'a tuple beyond its room',
    '{test_heap,2,1}. {put_tuple2,{x,0},{list,[{x,0},{x,0}]}}. return.',
    'a',
    /^refused: .*takes 3 words of the heap, but only 2/,
  ],
  ['room without end', '{test_heap,4294967295,1}. return.', 'a', /^refused: .*the limit is/],
  [
    'more live registers than there are',
    '{test_heap,2,3}. return.',
    'a',
    /^refused: .*register x1 is needed/,
  ],
  [
    'a register that garbage collection loses',
    '{test_heap,2,0}. return.',
    'a',
    /^refused: .*register x0 is needed/,
  ],
  [
    'a tuple in itself',
    '{test_heap,2,1}. {put_tuple2,{x,0},{list,[{x,0}]}}. {set_tuple_element,{x,0},{x,0},0}. return.',
    'a',
    /^refused: .*not shown to hold a new tuple/,
  ],
  [
    'the change of a literal',
    '{move,{literal,{a,b}},{x,1}}. {set_tuple_element,{x,0},{x,1},0}. return.',
    'a',
    /^refused: .*not shown to hold a new tuple/,
  ],
  // Bit syntax.
  [
    'a field that does not fit',
    `{bs_init2,{f,0},1,0,1,{field_flags,[]},{x,1}}. {bs_put_integer,{f,0},{integer,64},1,{field_flags,[]},{x,0}}.
     {move,{x,1},{x,0}}. return.`,
    '-1',
    'exit: badarg',
  ],
  [
    'fields beyond the end',
    `{bs_init2,{f,0},1,0,1,{field_flags,[]},{x,1}}. {bs_put_integer,{f,0},{integer,8},1,{field_flags,[]},{x,0}}.
     {bs_put_integer,{f,0},{integer,8},1,{field_flags,[]},{x,0}}. {move,{x,1},{x,0}}. return.`,
    '-1',
    'exit: badarg',
  ],
  [
    'a field of nothing',
    '{bs_put_integer,{f,0},{integer,8},1,{field_flags,[]},{x,0}}. return.',
    '-1',
    /^refused: .*no bitstring that this could be put into/,
  ],
  [
    'bytes of a tuple',
    '{test,bs_get_integer2,{f,1},1,[{x,0},{integer,8},1,{field_flags,[]}],{x,0}}. return.',
    '{a, b}',
    /^refused: .*not shown to hold a match context/,
  ],
  [
    'a position that is none',
    `{test,bs_start_match3,{f,1},1,[{x,0}],{x,1}}. {move,{integer,-80},{x,2}}. {bs_set_position,{x,1},{x,2}}.
     {bs_get_tail,{x,1},{x,0},3}. return.`,
    '<<1, 2, 3>>',
    '<<>>',
  ],
  [
    'a position far away',
    `{test,bs_start_match3,{f,1},1,[{x,0}],{x,1}}. {move,{integer,1000000},{x,2}}. {bs_set_position,{x,1},{x,2}}.
     {test,bs_get_integer2,{f,1},3,[{x,1},{integer,8},1,{field_flags,[]}],{x,0}}. return.`,
    '<<1, 2, 3>>',
    'exit: function_clause',
  ],
  // Control flow.
  ['a loop without end', '{label,3}. {jump,{f,3}}.', '', /^refused: .*loop without a call/],
  ['a jump into another function', '{jump,{f,91}}.', '', /^refused: .*label 91 belongs to another function/],
  [
    'a test without a label',
    '{test,is_nil,{f,0},[{x,0}]}. return.',
    'a',
    /^refused: .*operand 1 cannot be label 0/,
  ],
  ['an end without a return', '{move,{x,0},{x,1}}.', 'a', /^refused: .*runs off the end/],
  [
    'a call that lets control fall off',
    '{allocate,0,1}. {call_ext,3,{extfunc,erlang,raise,3}}.',
    'a, b, c',
    /^refused: .*register x1 is needed|^refused: .*runs off the end/,
  ],
  [
    'a handler that is entered by a call which returns',
    `{allocate,1,1}. {'try',{y,0},{f,3}}. {call,1,{f,92}}. {label,3}. {try_case,{y,0}}. {move,{x,1},{x,0}}. {deallocate,1}. return.`,
    'a',
    'if_clause',
  ],
  [
    'mutual calls without end',
    '{call_only,1,{f,12}}.',
    'a',
    'exhausted',
    '{function,g,1,12}. {label,11}. {func_info,{atom,m},{atom,g},1}. {label,12}. {call_only,1,{f,2}}.',
  ],
  // Messages.
  [
    'a receive loop that never gets on',
    `{allocate,0,1}. {bif,self,{f,0},[],{x,0}}. {move,{atom,a},{x,1}}. send. {label,3}. {loop_rec,{f,4},{x,0}}. timeout.
     {loop_rec_end,{f,3}}. {label,4}. {wait,{f,3}}.`,
    'a',
    'exhausted',
  ],
  [
    'waiting for what is there',
    `{allocate,0,1}. {bif,self,{f,0},[],{x,0}}. {move,{atom,a},{x,1}}. send. {label,3}. {wait,{f,3}}.`,
    'a',
    'exhausted',
  ],
  [
    'waiting a time for what is there',
    `{allocate,0,1}. {bif,self,{f,0},[],{x,0}}. {move,{atom,a},{x,1}}. send. {label,3}. {wait_timeout,{f,3},{integer,60000}}. timeout.
     {move,{atom,a},{x,0}}. {deallocate,0}. return.`,
    'a',
    'exhausted',
  ],
  ['a message taken from an empty mailbox', `remove_message. ${DONE}`, '', 'done'],
  [
    'markers that are none',
    `{recv_marker_bind,{x,0},{x,0}}. {recv_marker_use,{x,0}}. {recv_marker_clear,{x,0}}. ${DONE}`,
    '{a, <<"b">>}',
    'done',
  ],
  // Exceptions.
  [
    'a trace that is none',
    '{bif,raise,{f,0},[{x,0},{x,1}],{x,0}}.',
    '{a, 1000000, c, d}, r',
    /^exit: r$|^r$/,
  ],
  ['a trace that is a number', '{bif,raise,{f,0},[{x,0},{x,1}],{x,0}}.', '7, r', 'exit: r'],
  ['a class that is none', '{allocate,0,3}. raw_raise. {deallocate,0}. return.', '7, r, 8', 'badarg'],
  [
    'the stack trace of a tuple',
    '{allocate,0,1}. build_stacktrace. {deallocate,0}. return.',
    '{a, 99999999}',
    '[]',
  ],
  [
    'the stack trace of a large tuple',
    '{allocate,0,1}. build_stacktrace. {deallocate,0}. return.',
    '{a, 99999999, b, 7, 8, 9}',
    '[]',
  ],
  // Instructions with very long lists.
  [
    'a selection among very many values',
    `{select_val,{x,0},{f,1},{list,[${Array.from({ length: 150_000 }, (_, i) => `{integer,${i}},{f,3}`).join()}]}}. {label,3}. return.`,
    '149999',
    '149999',
  ],
  [
    'a register that is initialised very often',
    `{allocate,1,1}. {init_yregs,{list,[${Array(150_000).fill('{y,0}').join()}]}}. {deallocate,1}. return.`,
    'a',
    'a',
  ],
  // Calls.
  ['too many arguments', '{apply,300}. return.', 'a', /^refused: .*300 arguments; the limit is 255/],
  [
    'an operator with too many operands',
    "{gc_bif,'bnot',{f,0},1,[{x,0},{x,0}],{x,0}}. return.",
    '1',
    'exit: undef',
  ],
  ['a guard with an effect', '{bif,spawn,{f,0},[{x,0}],{x,0}}. return.', 'a', 'exit: undef'],
  ['a guard that calls', '{bif,apply,{f,0},[{x,0},{x,1}],{x,0}}. return.', 'a, b', 'exit: undef'],
];

describe.each(['off', 'eager'] as const)('--jit=%s', (jit) => {
  it.each(cases)('%s', async (_, body, args, outcome, rest) => {
    for (const when of ['load', 'call'] as const) {
      const got = await run(jit, when, body, args, rest);
      if (outcome instanceof RegExp) expect(got).toMatch(outcome);
      else expect(got).toBe(outcome);
    }
  });

  /**
   * What f(Bin) gives, which makes a term of Bin and calls it with 123456, if Bin is a fun of the lambda with that index: g/1, for
   * which there is only code that is never reached, or h/1 with two free variables; the fun has `free` of them.
   */
  async function callFunOf(index: number, free: number): Promise<string> {
    const name = `hostile_${++modules}`;
    const source = readListing(
      `{module, ${name}}. {exports,[{f,1}]}. {attributes,[]}. {labels,16}.
       {function,f,1,2}. {label,1}. {func_info,{atom,${name}},{atom,f},1}. {label,2}. {allocate_heap,1,2,1}. {move,{x,0},{y,0}}.
         {put_list,{atom,a},nil,{x,0}}. {call,1,{f,12}}. {move,{y,0},{x,0}}. {call_ext,1,{extfunc,erlang,binary_to_term,1}}.
         {move,{x,0},{x,1}}. {move,{integer,123456},{x,0}}. {call_fun,1}. {deallocate,1}. return.
         {label,3}. {make_fun3,{f,12},0,1,{x,0},{list,[]}}. {make_fun3,{f,14},1,1,{x,0},{list,[{x,0},{x,1}]}}. return.
       {function,g,1,12}. {label,11}. {func_info,{atom,${name}},{atom,g},1}. {label,12}. {get_hd,{x,0},{x,0}}. return.
       {function,h,3,14}. {label,13}. {func_info,{atom,${name}},{atom,h},3}. {label,14}. {test_heap,4,3}.
         {put_tuple2,{x,0},{list,[{x,0},{x,1},{x,2}]}}. return.`,
      `${name}.S`,
    );
    settings.jit = jit;
    settings.maxReductions = 0;
    install(source);
    const word = (n: number) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];
    const atomOf = (s: string) => [119, s.length, ...Buffer.from(s)];
    const { index: place, uniq } = source.lambdas[index]!;
    const creator = [88, ...atomOf('nonode@nohost'), ...word(1), ...word(0), ...word(0)];
    const fun = [
      1,
      ...source.md5,
      ...word(place),
      ...word(free),
      ...atomOf(name),
      97,
      place,
      98,
      ...word(uniq),
      ...creator,
    ];
    const variables = Array.from({ length: free }, () => [97, 5]).flat();
    const bytes = [131, 112, ...word(fun.length + variables.length + 4), ...fun, ...variables];
    const { args } = parseCall(`m:f(<<${bytes.join()}>>)`);
    const end = await callFunction(name, 'f', args, formatTerm);
    return end.kind === 'exit' || end.kind === 'value' ? end.text : end.kind;
  }

  it('a fun out of an external term can be called with anything', async () => {
    expect(await callFunOf(0, 0)).toMatch(/^\{\{badmatch,123456\}/);
  });

  it.each([1, 3, 2000])('a fun with %i free variables is not one of two', async (free) => {
    expect(await callFunOf(1, 2)).toBe('{123456,5,5}');
    expect(await callFunOf(1, free)).toMatch(/^\{\{badfun,/);
  });

  it('names do not get into generated code', async () => {
    const name = "'x\\n*/ throw 1; //\\x{2028}throw 2;`+throw 3\\\\\"\\''";
    const text = `{module, injected}. {exports,[{f,1}]}. {attributes,[]}. {labels,10}.
      {function,${name},1,4}. {label,3}. {func_info,{atom,injected},{atom,${name}},1}. {label,4}.
        {select_val,{x,0},{f,3},{list,[{atom,${name}},{f,5}]}}. {label,5}. return.
      {function,f,1,2}. {label,1}. {func_info,{atom,injected},{atom,f},1}. {label,2}. {allocate,0,1}. {move,{atom,${name}},{x,0}}.
        {call,1,{f,4}}. {deallocate,0}. return.`;
    settings.jit = jit;
    settings.maxReductions = 0;
    loadBytes(new TextEncoder().encode(text), 'injected.S');
    const { args } = parseCall('injected:f(a)');
    const end = await callFunction('injected', 'f', args, formatTerm);
    expect(end).toEqual({ kind: 'value', text: "'x\\n*/ throw 1; //\\x{2028}throw 2;`+throw 3\\\\\"\\''" });
  });

  it('a name that looks like generated code is not taken for it', async () => {
    // The function calls itself, not as its last call: such a unit is evaluated as two copies.
    const name = "'const self = globalThis.broken = 1; return self;'";
    const text = `{module, copied}. {exports,[{${name},1}]}. {attributes,[]}. {labels,6}.
      {function,${name},1,2}. {label,1}. {func_info,{atom,copied},{atom,${name}},1}.
      {label,2}. {test,is_ne_exact,{f,3},[{x,0},{integer,0}]}. {allocate,1,1}. {move,{x,0},{y,0}}.
        {gc_bif,'-',{f,0},1,[{x,0},{integer,1}],{x,0}}. {call,1,{f,2}}.
        {gc_bif,'+',{f,0},1,[{x,0},{y,0}],{x,0}}. {deallocate,1}. {label,3}. return.`;
    settings.jit = jit;
    settings.maxReductions = 0;
    settings.checkUnits = true;
    try {
      loadBytes(new TextEncoder().encode(text), 'copied.S');
      const units = translation.units;
      const call = parseCall(`copied:${name}(100)`);
      const end = await callFunction('copied', call.name, call.args, formatTerm);
      expect(end).toEqual({ kind: 'value', text: '5050' });
      expect(translation.units > units).toBe(jit === 'eager');
      expect(globalThis).not.toHaveProperty('broken');
    } finally {
      settings.checkUnits = false;
    }
  });
});
