export const namedOtp: string | undefined;
export const nativeErlang: string | undefined;
export function nativeRelease(): string | undefined;
export function escriptArguments(file: string, args?: string[]): string[];
export function goldenName(name: string, release: string): string;
export function recorded<T>(name: string, release: string, key: (entry: T) => string): T[];
export function toRecord<T>(name: string, release: string, given: T[]): T[];
