/** How conversation.erl talks, and what its standard input is. */
export const CONVERSATIONS: [how: string, input: string | Uint8Array][];
