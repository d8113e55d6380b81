export const OCCASIONS: string[];
export function constant(text: string): string;
