/** The user asked for something that can not be done as asked: the message is one line, the exit code 2. */
export class UsageError extends Error {}
