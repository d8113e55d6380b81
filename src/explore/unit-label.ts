// From the name that V8 knows a unit by to the function it is a unit of.

/** The label of the function, as in `fib:fib/1`, or '' if that is no name of a unit. */
export function unitLabel(name: string): string {
  return /^(.+?:.+?\/\d+)(?:\+\d+| for .+| \(fun\))?$/s.exec(name)?.[1] ?? '';
}
