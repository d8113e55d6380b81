// What the loop calls now and then, through an object: see rehearsal.ts for why it is not called directly.
import { failed } from './failures.js';
import { collectHere, unwound, yieldHere } from './transitions.js';

export const rare = { unwound, failed, yieldHere, collectHere };
