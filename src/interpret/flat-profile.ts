// Programs with a flat profile call many functions, and none of them often (compilers). What V8 makes of the engine counts for more
// there than what it makes of the program.

/** Functions that have been called when a profile counts as flat. OTP's compiler calls 3,164 for lists.erl, examples/hello 46. */
export const MANY_FUNCTIONS = 500;

/** Whether the program has turned out to be of that kind, and what is done when it does: once, at the end of a slice. */
export const profile: { isFlat: boolean; readonly actions: (() => void)[] } = { isFlat: false, actions: [] };

export function becomeFlat(): void {
  profile.isFlat = true;
  for (const act of profile.actions) act();
}
