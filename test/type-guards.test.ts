// What instructions take for granted of a term: shown by the code, or tested before them.
import { describe, expect, it } from 'vitest';
import { instructionText } from '../dist/jit/instruction-text.js';
import { readListing } from '../dist/load/listing.js';
import { LoadError } from '../dist/load/module.js';
import { guardTypes } from '../dist/load/type-guards.js';
import { verifyModule } from '../dist/load/verify.js';

const BUILT_IN = new Set(['lists:reverse/1', 'erlang:setelement/3', 'math:sqrt/1']);

/**
 * The tests that are put before instructions of a module: f/Arity with the entry label 2, which is exported, id/1 with the
 * entry label 92, which returns its argument, and what stands in `rest`.
 */
function testsIn(arity: number, body: string, rest = ''): string[] {
  const m = readListing(
    `{module, m}. {exports,[{f,${arity}}]}. {attributes,[]}. {labels,100}.
     {function,f,${arity},2}. {label,1}. {func_info,{atom,m},{atom,f},${arity}}. {label,2}. ${body}
     ${rest}
     {function,id,1,92}. {label,91}. {func_info,{atom,m},{atom,id},1}. {label,92}. return.`,
    'm.S',
  );
  verifyModule(m);
  const before = new Set(m.functions.flatMap((f) => f.code));
  guardTypes(m, (module, name, a) => BUILT_IN.has(`${module}:${name}/${a}`));
  return m.functions
    .flatMap((f) => f.code)
    .filter((i) => !before.has(i))
    .map((i) => instructionText(m, i))
    .filter((text) => !/^(label|badmatch)/.test(text))
    .map((text) => text.replace(/ L\d+/, ' L'));
}

const shown: [string, number, string, string?][] = [
  [
    'a match context behind a call that never returns',
    1,
    `{allocate,1,1}. {init_yregs,{list,[{y,0}]}}. {bs_start_match3,{f,4},{x,0},1,{y,0}}. {test,bs_test_unit,{f,3},[{y,0},8]}.
     {move,{integer,1},{x,0}}. {deallocate,1}. return.
     {label,4}. {move,{atom,no},{x,0}}. {call_ext,1,{extfunc,erlang,error,1}}.
     {label,3}. {test,bs_test_unit,{f,4},[{y,0},2]}. {move,{integer,2},{x,0}}. {deallocate,1}. return.`,
  ],
  ['a tested list', 1, '{test,is_nonempty_list,{f,1},[{x,0}]}. {get_list,{x,0},{x,0},{x,1}}. return.'],
  ['a new list', 1, '{test_heap,2,1}. {put_list,{x,0},nil,{x,0}}. {get_hd,{x,0},{x,0}}. return.'],
  ['a literal list', 0, '{move,{literal,[a]},{x,0}}. {get_tl,{x,0},{x,0}}. return.'],
  [
    'a list that is not empty',
    0,
    `{move,{literal,[a,b]},{x,0}}. {get_tl,{x,0},{x,0}}. {test,is_nil,{f,3},[{x,0}]}. return.
     {label,3}. {get_hd,{x,0},{x,0}}. return.`,
  ],
  [
    'a tested tuple',
    1,
    '{test,is_tagged_tuple,{f,1},[{x,0},2,{atom,a}]}. {get_tuple_element,{x,0},1,{x,0}}. return.',
  ],
  [
    'a tuple of tested size',
    1,
    `{test,is_tuple,{f,1},[{x,0}]}. {select_tuple_arity,{x,0},{f,1},{list,[2,{f,3},3,{f,4}]}}.
     {label,3}. {get_tuple_element,{x,0},1,{x,0}}. return. {label,4}. {get_tuple_element,{x,0},2,{x,0}}. return.`,
  ],
  [
    'the copy of a tested tuple',
    1,
    `{allocate,1,1}. {move,{x,0},{y,0}}. {test,is_tuple,{f,3},[{x,0}]}. {test,test_arity,{f,3},[{x,0},1]}.
     {call,1,{f,92}}. {get_tuple_element,{y,0},0,{x,0}}. {deallocate,1}. return. {label,3}. {badmatch,{y,0}}.`,
  ],
  [
    'an element of a new tuple',
    1,
    `{test_heap,5,1}. {put_list,{x,0},nil,{x,1}}. {put_tuple2,{x,1},{list,[{atom,a},{x,1}]}}.
     {get_tuple_element,{x,1},1,{x,0}}. {get_hd,{x,0},{x,0}}. return.`,
  ],
  [
    'the argument of all calls',
    1,
    '{test_heap,2,1}. {put_list,{x,0},nil,{x,0}}. {call_only,1,{f,12}}.',
    '{function,g,1,12}. {label,11}. {func_info,{atom,m},{atom,g},1}. {label,12}. {get_hd,{x,0},{x,0}}. return.',
  ],
  [
    'the result of a function',
    1,
    '{allocate,0,1}. {call,1,{f,12}}. {get_tuple_element,{x,0},1,{x,0}}. {deallocate,0}. return.',
    `{function,g,1,12}. {label,11}. {func_info,{atom,m},{atom,g},1}. {label,12}. {test,is_nil,{f,13},[{x,0}]}.
     {move,{literal,{a,b,c}},{x,0}}. return.
     {label,13}. {test_heap,3,1}. {put_tuple2,{x,0},{list,[{x,0},{x,0}]}}. return.`,
  ],
  [
    'a list that is turned around',
    0,
    `{allocate,0,0}. {move,{literal,[{a,b},{c,d}]},{x,0}}. {call_ext,1,{extfunc,lists,reverse,1}}.
     {test,is_nonempty_list,{f,3},[{x,0}]}. {get_hd,{x,0},{x,0}}. {get_tuple_element,{x,0},1,{x,0}}. {deallocate,0}. return.
     {label,3}. {badmatch,{x,0}}.`,
  ],
  [
    'a new tuple that is changed',
    1,
    `{allocate,0,1}. {move,{x,0},{x,1}}. {move,{integer,2},{x,0}}. {move,{atom,a},{x,2}}.
     {call_ext,3,{extfunc,erlang,setelement,3}}. {set_tuple_element,{literal,[x]},{x,0},0}.
     {get_tuple_element,{x,0},0,{x,1}}. {get_hd,{x,1},{x,0}}. {deallocate,0}. return.`,
  ],
  [
    'a match context',
    1,
    `{test,bs_start_match3,{f,1},1,[{x,0}],{x,1}}.
     {test,bs_get_integer2,{f,1},2,[{x,1},{integer,8},1,{field_flags,[]}],{x,0}}. return.`,
  ],
];

const tested: [string, number, string, string[], string?][] = [
  ['a list', 1, '{get_list,{x,0},{x,0},{x,1}}. return.', ['is_nonempty_list L x0']],
  ['a tail', 1, '{get_tl,{x,0},{x,0}}. return.', ['is_nonempty_list L x0']],
  ['an element', 1, '{get_tuple_element,{x,0},4,{x,0}}. return.', ['bif2 - erlang:element/2 5 x0 x1023']],
  [
    'an element beyond the tested size',
    1,
    '{test,is_tagged_tuple,{f,1},[{x,0},2,{atom,a}]}. {get_tuple_element,{x,0},2,{x,0}}. return.',
    ['bif2 - erlang:element/2 3 x0 x1023'],
  ],
  [
    'several elements at once',
    1,
    '{get_tuple_element,{x,0},0,{x,1}}. {get_tuple_element,{x,0},3,{x,2}}. {get_tuple_element,{x,0},1,{x,0}}. return.',
    ['bif2 - erlang:element/2 4 x0 x1023'],
  ],
  ['a size', 1, '{test,test_arity,{f,1},[{x,0},2]}. return.', ['is_tuple L x0']],
  ['a float', 1, '{fmove,{x,0},{fr,0}}. return.', ['is_float L x0']],
  ['a map', 1, '{get_map_elements,{f,1},{x,0},{list,[{atom,a},{x,0}]}}. return.', ['is_map L x0']],
  [
    'a term that is a list on one path only',
    1,
    '{test,is_nonempty_list,{f,3},[{x,0}]}. {label,3}. {get_hd,{x,0},{x,0}}. return.',
    ['is_nonempty_list L x0'],
  ],
  [
    'a register that was written again',
    2,
    '{test,is_nonempty_list,{f,1},[{x,0}]}. {move,{x,1},{x,0}}. {get_hd,{x,0},{x,0}}. return.',
    ['is_nonempty_list L x0'],
  ],
  [
    'an argument of one of the calls',
    1,
    '{allocate,1,1}. {move,{x,0},{y,0}}. {call,1,{f,12}}. {move,{literal,[a]},{x,0}}. {call_last,1,{f,12},1}.',
    ['is_nonempty_list L x0'],
    '{function,g,1,12}. {label,11}. {func_info,{atom,m},{atom,g},1}. {label,12}. {get_hd,{x,0},{x,0}}. return.',
  ],
  [
    'a Y register after an exception',
    2,
    `{allocate,2,2}. {move,{literal,[a]},{y,1}}. {'try',{y,0},{f,3}}. {move,{x,0},{y,1}}. {move,{x,1},{x,0}}. {call,1,{f,92}}.
     {try_end,{y,0}}. {deallocate,2}. return.
     {label,3}. {try_case,{y,0}}. {get_hd,{y,1},{x,0}}. {deallocate,2}. return.`,
    ['is_nonempty_list L y1'],
  ],
];

const refused: [string, number, string, string][] = [
  [
    'bytes of no match context',
    1,
    '{test,bs_get_integer2,{f,1},1,[{x,0},{integer,8},1,{field_flags,[]}],{x,0}}. return.',
    '(bs_get_integer2): register x0 is not shown to hold a match context',
  ],
  [
    'the change of an old tuple',
    1,
    '{test,is_tagged_tuple,{f,1},[{x,0},2,{atom,a}]}. {set_tuple_element,nil,{x,0},1}. return.',
    '(set_tuple_element): register x0 is not shown to hold a new tuple',
  ],
  [
    'the change of a tuple that is part of another',
    1,
    `{test_heap,4,1}. {put_tuple2,{x,0},{list,[{x,0}]}}. {put_tuple2,{x,1},{list,[{x,0}]}}.
     {set_tuple_element,nil,{x,0},0}. return.`,
    '(set_tuple_element): register x0 is not shown to hold a new tuple',
  ],
  [
    'the change of a tuple that may have been moved',
    1,
    '{test_heap,2,1}. {put_tuple2,{x,0},{list,[{x,0}]}}. {test_heap,2,1}. {set_tuple_element,nil,{x,0},0}. return.',
    '(set_tuple_element): register x0 is not shown to hold a new tuple',
  ],
];

describe('guardTypes', () => {
  it.each(shown)('tests nothing for %s', (_, arity, body, rest) => {
    expect(testsIn(arity, body, rest)).toEqual([]);
  });
  it.each(tested)('tests %s', (_, arity, body, tests, rest) => {
    expect(testsIn(arity, body, rest)).toEqual(tests);
  });
  it.each(refused)('refuses %s', (_, arity, body, message) => {
    expect(() => testsIn(arity, body)).toThrow(LoadError);
    expect(() => testsIn(arity, body)).toThrow(message);
  });
});
