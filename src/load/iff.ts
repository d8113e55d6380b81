// The container: an IFF form of type BEAM, possibly compressed with gzip, and its chunks.
import { zlib } from '../host.js';
import { LoadError } from './module.js';

/** The largest file, in bytes after gunzip, that is accepted. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * The chunks of a `.beam` file by their four-letter name; of chunks with the same name the first counts.
 *
 * @param bytes the file, plain or gzip-compressed (compile option `compressed`)
 * @throws LoadError if it is not a BEAM file or if it is cut off
 */
export function readChunks(bytes: Uint8Array, path: string): Map<string, Uint8Array> {
  if (bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzip(bytes, path);
  // A Buffer is a Uint8Array whose slice() does not copy: do away with the difference.
  bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 0) throw new LoadError(path, 'the file is empty', 'copy or compile it again');
  if (bytes.length < 12 || fourLetters(bytes, 0) !== 'FOR1' || fourLetters(bytes, 8) !== 'BEAM')
    throw new LoadError(
      path,
      "not a BEAM file (it does not start with 'FOR1' and 'BEAM')",
      'name a .beam file, a listing (.S) or a source (.erl)',
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + view.getUint32(4);
  if (end > bytes.length)
    throw new LoadError(
      path,
      `the file is cut off: ${bytes.length} bytes of ${end}`,
      'copy or compile it again',
    );
  const chunks = new Map<string, Uint8Array>();
  let position = 12;
  while (position < end) {
    if (end - position < 8) throw new LoadError(path, `chunk header at offset ${position} is cut off`);
    const name = fourLetters(bytes, position);
    const size = view.getUint32(position + 4);
    const start = position + 8;
    if (size > end - start)
      throw new LoadError(
        path,
        `chunk ${printable(name)} at offset ${position} says ${size} bytes, but only ${end - start} follow`,
      );
    if (!chunks.has(name)) chunks.set(name, bytes.subarray(start, start + size));
    position = start + ((size + 3) & ~3);
  }
  return chunks;
}

function gunzip(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return zlib().gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new LoadError(
        path,
        `the gzip data is larger than ${MAX_FILE_BYTES} bytes when unpacked`,
        'take the module apart',
      );
    throw new LoadError(path, 'starts like gzip data but cannot be unpacked', 'copy or compile it again');
  }
}

function fourLetters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
}

function printable(name: string): string {
  return /^[\x21-\x7e]{4}$/.test(name) ? name : 'with an unprintable name';
}
