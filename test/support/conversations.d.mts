export interface Conversation {
  name: string;
  /** The argument of conversation.erl. */
  how: string;
  /** Its standard input. */
  input: string | Uint8Array;
}
export function conversationsOf(release: string): Conversation[];
