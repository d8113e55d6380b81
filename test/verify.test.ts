import { describe, expect, it } from 'vitest';
import { readListing } from '../dist/load/listing.js';
import { LoadError } from '../dist/load/module.js';
import { verifyModule } from '../dist/load/verify.js';

/** A module with one function f/Arity, entry label 2, and id/1, entry label 92. */
function verify(arity: number, body: string): void {
  verifyModule(
    readListing(
      `{label,1}. {func_info,{atom,m},{atom,f},${arity}}. {label,2}. ${body}
       {label,91}. {func_info,{atom,m},{atom,id},1}. {label,92}. return.`,
      'm.S',
    ),
  );
}

const good: [string, number, string][] = [
  ['returns its argument', 1, 'return.'],
  ['moves and returns', 0, '{move,{atom,a},{x,0}}. return.'],
  ['function_clause', 1, '{test,is_nil,{f,1},[{x,0}]}. return.'],
  ['calls with a frame', 1, '{allocate,0,1}. {call,1,{f,92}}. {deallocate,0}. return.'],
  [
    'keeps a value',
    1,
    '{allocate,1,1}. {move,{x,0},{y,0}}. {call,1,{f,92}}. {move,{y,0},{x,0}}. {call_last,1,{f,92},1}.',
  ],
  ['allocate_zero', 1, '{allocate_zero,2,1}. {call,1,{f,92}}. {move,{y,1},{x,0}}. {deallocate,2}. return.'],
  [
    'init_yregs',
    1,
    '{allocate,2,1}. {init_yregs,{list,[{y,0},{y,1}]}}. {call,1,{f,92}}. {deallocate,2}. return.',
  ],
  [
    'trims',
    1,
    '{allocate_zero,2,1}. {move,{x,0},{y,1}}. {trim,1,1}. {move,{y,0},{x,0}}. {deallocate,1}. return.',
  ],
  ['tail call', 1, '{call_only,1,{f,92}}.'],
  ['ends with an exit', 1, '{call_ext,1,{extfunc,erlang,exit,1}}.'],
  [
    'gives up a frame of the wrong size to raise',
    1,
    '{allocate,0,1}. {call_ext_last,1,{extfunc,erlang,error,1},7}.',
  ],
  [
    'raises where frames of different sizes meet',
    1,
    `{test,is_nil,{f,3},[{x,0}]}. {allocate_zero,1,1}. {jump,{f,4}}.
     {label,3}. {allocate_zero,2,1}. {label,4}. {badmatch,{y,0}}.`,
  ],
  [
    'try',
    0,
    `{allocate,2,0}. {'try',{y,0},{f,3}}. {move,{integer,1},{y,1}}. {call_ext,0,{extfunc,m,g,0}}. {try_end,{y,0}}.
     {deallocate,2}. return.
     {label,3}. {try_case,{y,0}}. {move,{y,1},{x,2}}. {bif,raise,{f,0},[{x,2},{x,1}],{x,0}}.`,
  ],
  [
    'catch',
    0,
    `{allocate,1,0}. {'catch',{y,0},{f,3}}. {call_ext,0,{extfunc,m,g,0}}. {label,3}. {catch_end,{y,0}}.
     {deallocate,1}. return.`,
  ],
  [
    'receive',
    1,
    `{allocate,1,1}. {move,{x,0},{y,0}}. {label,3}. {loop_rec,{f,5},{x,0}}. {test,is_eq_exact,{f,4},[{x,0},{y,0}]}.
     remove_message. {deallocate,1}. return. {label,4}. {loop_rec_end,{f,3}}.
     {label,5}. {wait_timeout,{f,3},{integer,10}}. timeout. {move,{atom,late},{x,0}}. {deallocate,1}. return.`,
  ],
  [
    'sleeps',
    1,
    '{allocate,0,1}. {label,3}. {wait_timeout,{f,3},{x,0}}. timeout. {move,{atom,ok},{x,0}}. {deallocate,0}. return.',
  ],
  [
    'does not look at code that is not reached',
    0,
    '{move,{atom,a},{x,0}}. return. {label,3}. {move,{y,9},{x,0}}.',
  ],
  [
    'selects',
    1,
    `{select_val,{x,0},{f,4},{list,[{atom,a},{f,3},{integer,1},{f,4}]}}.
     {label,3}. return. {label,4}. {case_end,{x,0}}.`,
  ],
];

const bad: [string, number, string, string][] = [
  [
    'undefined X',
    1,
    '{move,{x,1},{x,0}}. return.',
    '(move): register x1 is read but holds nothing on some path',
  ],
  ['no result', 0, 'return.', '(return): register x0 is needed but holds nothing on some path'],
  ['Y without frame', 1, '{move,{x,0},{y,0}}. return.', '(move): register y0 is used with no stack frame'],
  [
    'Y outside',
    1,
    '{allocate,1,1}. {move,{x,0},{y,1}}. return.',
    'register y1 is used with a stack frame of 1',
  ],
  [
    'Y not set',
    1,
    '{allocate,1,1}. {move,{y,0},{x,0}}. return.',
    'register y0 is read but holds nothing on some path',
  ],
  [
    'Y not set at a call',
    1,
    '{allocate,1,1}. {call,1,{f,92}}. return.',
    'garbage may be collected here, but register y0',
  ],
  [
    'Y not set at GC',
    1,
    '{allocate,1,1}. {test_heap,3,1}. return.',
    'garbage may be collected here, but register y0',
  ],
  ['Live too high', 1, '{test_heap,3,2}. return.', '(test_heap): register x1 is needed but holds nothing'],
  [
    'X lost at GC',
    2,
    '{test_heap,3,1}. {move,{x,1},{x,0}}. return.',
    'register x1 is read but holds nothing',
  ],
  [
    'X lost at a call',
    2,
    '{allocate,0,2}. {call,1,{f,92}}. {move,{x,1},{x,0}}. return.',
    'register x1 is read',
  ],
  [
    'call without frame',
    1,
    '{call,1,{f,92}}. return.',
    '(call): a call that returns here, with no stack frame',
  ],
  [
    'return with frame',
    1,
    '{allocate,0,1}. return.',
    '(return): this must not happen with a stack frame of 0',
  ],
  [
    'tail call with frame',
    1,
    '{allocate,0,1}. {call_only,1,{f,92}}.',
    '(call_only): this must not happen with a stack',
  ],
  [
    'second frame',
    1,
    '{allocate,0,1}. {allocate,0,1}. return.',
    '(allocate): this must not happen with a stack frame',
  ],
  [
    'wrong deallocate',
    1,
    '{allocate_zero,2,1}. {deallocate,1}. return.',
    'deallocates 1 registers with a stack frame of 2',
  ],
  [
    'wrong call_last',
    1,
    '{allocate_zero,2,1}. {call_last,1,{f,92},1}.',
    'deallocates 1 registers with a stack frame of 2',
  ],
  [
    'wrong trim',
    1,
    '{allocate_zero,2,1}. {trim,1,2}. return.',
    'trims 1 and leaves 2 with a stack frame of 2',
  ],
  ['huge frame', 1, '{allocate,1024,1}. return.', 'a stack frame of 1024 registers; the limit is 1023'],
  ['runs off the end', 1, '{move,{x,0},{x,1}}.', '(move): control runs off the end of the function'],
  ['jumps elsewhere', 1, '{jump,{f,91}}.', '(jump): label 91 belongs to another function'],
  [
    'fails elsewhere',
    1,
    '{test,is_nil,{f,92},[{x,0}]}. return.',
    '(is_nil): label 92 belongs to another function',
  ],
  [
    'selects elsewhere',
    1,
    '{label,3}. {select_val,{x,0},{f,3},{list,[{atom,a},{f,91}]}}.',
    '(select_val): label 91 belongs to another function',
  ],
  [
    'X on one path only',
    1,
    `{test,is_nil,{f,3},[{x,0}]}. {move,{atom,a},{x,1}}. {label,3}. {move,{x,1},{x,0}}. return.`,
    'register x1 is read but holds nothing on some path',
  ],
  [
    'frames of different sizes',
    1,
    `{test,is_nil,{f,3},[{x,0}]}. {allocate_zero,1,1}. {jump,{f,4}}.
     {label,3}. {allocate_zero,2,1}. {label,4}. {deallocate,1}. return.`,
    'deallocates 1 registers with stack frames of different sizes',
  ],
  [
    'handler elsewhere',
    0,
    "{allocate,1,0}. {'try',{y,0},{f,91}}. return.",
    '(try): label 91 belongs to another function',
  ],
  [
    'handler without try_case',
    0,
    "{allocate,1,0}. {'try',{y,0},{f,3}}. {label,3}. return.",
    'the handler at label 3 does not start with try_case y0',
  ],
  [
    'frame given up with a catch tag',
    0,
    "{allocate,1,0}. {'catch',{y,0},{f,3}}. {deallocate,1}. return. {label,3}. {catch_end,{y,0}}. return.",
    'the stack frame is given up while a catch tag is active',
  ],
  [
    'catch tag read',
    0,
    "{allocate,1,0}. {'catch',{y,0},{f,3}}. {move,{y,0},{x,0}}. {label,3}. {catch_end,{y,0}}. return.",
    'register y0 is read but holds a catch tag',
  ],
  [
    'catch tag written',
    1,
    "{allocate,1,1}. {'catch',{y,0},{f,3}}. {move,{x,0},{y,0}}. {label,3}. {catch_end,{y,0}}. return.",
    'register y0 is written but holds a catch tag',
  ],
  [
    'Y set in try but not before a call',
    0,
    `{allocate,2,0}. {'try',{y,0},{f,3}}. {bif,node,{f,0},[{x,0}],{x,0}}. return.`,
    'label 3 is not in this listing',
  ],
  [
    'Y of a try set too late',
    1,
    `{allocate,2,1}. {'try',{y,0},{f,3}}. {badmatch,{x,0}}.
     {label,3}. {try_case,{y,0}}. {move,{y,1},{x,0}}. {deallocate,2}. return.`,
    'register y1 is read but holds nothing on some path',
  ],
  [
    'try_end of nothing',
    1,
    '{allocate_zero,1,1}. {try_end,{y,0}}. return.',
    'y0 does not hold the innermost catch tag',
  ],
  [
    'X kept over a wait',
    1,
    '{allocate,0,1}. {label,3}. {loop_rec,{f,4},{x,1}}. {move,{x,0},{x,2}}. return. {label,4}. {wait,{f,3}}.',
    'register x0 is read but holds nothing on some path',
  ],
  [
    'fun on too few arguments',
    1,
    '{allocate,0,1}. {call_fun,1}. return.',
    '(call_fun): register x1 is needed',
  ],
  ['apply on too few arguments', 2, '{allocate,0,2}. {apply,1}. return.', '(apply): register x2 is needed'],
  ['loop', 1, '{label,3}. {jump,{f,3}}.', 'the function has a loop without a call'],
  [
    'loop through the entry',
    1,
    '{test,is_nil,{f,2},[{x,0}]}. return.',
    'the function has a loop without a call',
  ],
  [
    'loop of two',
    1,
    '{label,3}. {test,is_nil,{f,4},[{x,0}]}. return. {label,4}. {test,is_atom,{f,3},[{x,0}]}. return.',
    'the function has a loop without a call',
  ],
  [
    'loop behind a timeout',
    0,
    '{allocate,0,0}. {label,3}. {wait_timeout,{f,3},{integer,0}}. timeout. {jump,{f,3}}.',
    'the function has a loop without a call',
  ],
  [
    'list cell without room',
    1,
    '{put_list,{x,0},nil,{x,0}}. return.',
    '(put_list): takes 2 words of the heap, but only 0 were asked for',
  ],
  [
    'too many list cells',
    1,
    '{test_heap,2,1}. {put_list,{x,0},nil,{x,0}}. {put_list,{x,0},nil,{x,0}}. return.',
    '(put_list): takes 2 words of the heap, but only 0 were asked for',
  ],
  [
    'tuple too large for its room',
    1,
    '{test_heap,3,1}. {put_tuple2,{x,0},{list,[{x,0},{x,0},{x,0}]}}. return.',
    '(put_tuple2): takes 4 words of the heap, but only 3 were asked for',
  ],
  [
    'room lost at a call',
    1,
    '{allocate_heap,0,2,1}. {call,1,{f,92}}. {put_list,{x,0},nil,{x,0}}. {deallocate,0}. return.',
    '(put_list): takes 2 words of the heap, but only 0 were asked for',
  ],
  [
    'room on one path only',
    1,
    `{test,is_nil,{f,3},[{x,0}]}. {test_heap,2,1}. {jump,{f,4}}. {label,3}. {test_heap,1,1}. {label,4}.
     {put_list,{x,0},nil,{x,0}}. return.`,
    '(put_list): takes 2 words of the heap, but only 1 were asked for',
  ],
  ['immense room', 1, '{test_heap,4294967295,1}. return.', 'words of heap are asked for; the limit is'],
  [
    'float box without room',
    1,
    '{fconv,{x,0},{fr,0}}. {fmove,{fr,0},{x,0}}. return.',
    '(fmove): takes 3 words of the heap, but only 0 were asked for',
  ],
  [
    'float register not set',
    1,
    '{fconv,{x,0},{fr,0}}. {bif,fadd,{f,0},[{fr,0},{fr,1}],{fr,0}}. return.',
    'float register fr1 is read but holds nothing on some path',
  ],
  [
    'float register lost at a call',
    1,
    '{allocate,0,1}. {fconv,{x,0},{fr,0}}. {call,1,{f,92}}. {bif,fadd,{f,0},[{fr,0},{fr,0}],{fr,0}}. {deallocate,0}. return.',
    'float register fr0 is read but holds nothing on some path',
  ],
  [
    'field of no bitstring',
    1,
    '{bs_put_integer,{f,0},{integer,8},1,{field_flags,[]},{x,0}}. return.',
    '(bs_put_integer): there is no bitstring that this could be put into',
  ],
  [
    'field behind a collection',
    1,
    `{bs_init2,{f,0},1,0,1,{field_flags,[]},{x,1}}. {test_heap,2,2}.
     {bs_put_integer,{f,0},{integer,8},1,{field_flags,[]},{x,0}}. return.`,
    '(bs_put_integer): there is no bitstring that this could be put into',
  ],
  [
    'handler entered by a branch',
    1,
    `{allocate,1,1}. {'try',{y,0},{f,3}}. {test,is_nil,{f,3},[{x,0}]}. {try_end,{y,0}}. {deallocate,1}. return.
     {label,3}. {try_case,{y,0}}. {deallocate,1}. return.`,
    'a handler is entered without an exception',
  ],
  [
    'external call of another arity',
    2,
    '{call_ext_only,1,{extfunc,m,g,2}}.',
    'a call with 1 arguments of m:g/2',
  ],
];

describe('verifyModule accepts', () => {
  it.each(good)('%s', (_, arity, body) => verify(arity, body));
});

describe('verifyModule refuses', () => {
  it.each(bad)('%s', (_, arity, body, message) => {
    expect(() => verify(arity, body)).toThrow(LoadError);
    expect(() => verify(arity, body)).toThrow(message);
  });

  it('code that is very tangled', () => {
    // Each label goes back to all others, and each arrival takes one register away.
    const n = 400;
    const blocks = Array.from({ length: n }, (_, i) => {
      const back = Array.from({ length: n }, (_, j) => `{atom,a${j}},{f,${100 + ((i + j) % n)}}`);
      return `{label,${100 + i}}. {select_val,{x,0},{f,100},{list,[${back.join(',')}]}}.`;
    });
    expect(() => verify(1, blocks.join('\n'))).toThrow('the function has a loop without a call');
  });
});
