// Terms to and from the external term format: the two directions are in files of their own, this is the door.
export { ExternalFormatError } from './external-check.js';
export { type DecodeOptions, decodeInSteps, decodeTerm, decodeTermBody } from './external-decode.js';
export { type EncodeOptions, Encoding, encodeTerm } from './external-encode.js';
export { type ExportIdentity, externalHooks, type FunHooks, type LambdaIdentity } from './fun-hooks.js';
