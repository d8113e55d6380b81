// What a program that embeds Turbeam imports.
export { libraryIn, type Otp, otpOnPath } from './code/otp.js';
export { setOtp } from './code/path.js';
export { type Call, parseCall, TermSyntaxError } from './load/erlang-term.js';
export { LoadError } from './load/module.js';
export {
  type CallEnd,
  callFunction,
  codeServer,
  isExported,
  loadBytes,
  loadFile,
  settings,
} from './runtime.js';
export { formatPretty, formatWrite } from './terms/format.js';
export type { Term } from './terms/tags.js';
