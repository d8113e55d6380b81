// The interpreter's loop once more, with notes (M of marker.ts) of where it is. The build makes it of loop.js; see copy-loop.mjs.
export { interpret } from './loop.js';
