// The occasions on which reports.erl has something reported, and what of a report is the same in every run.
export const OCCASIONS = [
  'server',
  'server_call',
  'server_init',
  'server_info',
  'supervisor',
  'supervisor_start',
  'process',
  'plain',
  'old',
  'levels',
  'handlers',
  'application',
  'application_crash',
  'code',
  'sasl',
];

/** Leaves out what differs from run to run: times, pids, references, sizes. */
export function constant(text) {
  return text
    .replace(/\d+-\w+-\d{4}::\d\d:\d\d:\d\d\.\d{6}/g, 'TIME')
    .replace(/<\d+\.\d+\.\d+>/g, '<pid>')
    .replace(/#Ref<[\d.]+>/g, '#Ref')
    .replace(/^( *(?:heap_size|stack_size|reductions): )\d+$/gm, '$1N');
}
