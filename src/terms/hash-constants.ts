// Constants of the hash functions. A module of its own, because the hash functions need each other's modules, and these numbers
// while they are loaded.

/** 2^32 divided by the golden ratio: the multiples of it tell the types of terms apart. */
export const GOLDEN = 0x9e3779b9;

/** The constant that tells the n-th type apart. */
export const salt = (n: number): number => Math.imul(GOLDEN, n);
