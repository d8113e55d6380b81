// Which files a program has read: what the result of compiling depends on.

/** Hears the name of each file that is opened or read, or is looked for to be so, also in vain; undefined: nobody listens. */
export const reads: { heard: ((path: string) => void) | undefined } = { heard: undefined };
