// Loaded before the program: kills it for good in the middle of writing to a file whose path has SSS_TEST_BREAK in it, or
// right before such a file takes its place.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { renameSync, writeSync } = fs;
const [kind, part] = (process.env.SSS_TEST_BREAK ?? '').split(':');
const die = () => process.kill(process.pid, 'SIGKILL');

fs.writeSync = (handle, bytes, ...rest) => {
  const isMeant = kind === 'write' && fs.readlinkSync(`/proc/self/fd/${handle}`).includes(part);
  if (!isMeant) return writeSync(handle, bytes, ...rest);
  writeSync(handle, Buffer.from(bytes).subarray(0, Math.floor(bytes.length / 2)));
  die();
};
fs.renameSync = (from, to) => {
  if (kind === 'rename' && String(to).includes(part)) die();
  renameSync(from, to);
};
syncBuiltinESMExports();
