/** What is printed when a module that is called can not be loaded, or a function of it is damaged: one line, without line end. */
export const loadFailures: { report: (message: string) => void } = { report: () => {} };
