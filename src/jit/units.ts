// The table of compiled units; EntryUnit and ResumeUnit instructions hold indexes into it.
import type { Unit } from '../code/functions.js';

export const units: Unit[] = [];
