// Loads dist/hook.cjs, and keeps what V8 has compiled of it in a file beside it: compiling takes longer than the rest of a hook.
// Whoever can write there can write the program as well; where nobody can, all goes on without.
const { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

const program = join(__dirname, '..', 'dist', 'hook.cjs');
const kept = join(dirname(program), `hook-${process.platform}-${process.arch}-${process.version}.cache`);

/**
 * The function `main` of the hook. Runs that find something use more of the program than others, so the first of them keeps it
 * once more.
 */
exports.loadMain = () => {
  const text = readFileSync(program, 'latin1');
  // The build gives every version of the program a first line of its own.
  const version = text.slice(0, text.indexOf('\n'));
  const known = readKept(version);
  const script = new Script(`(function(exports,require,module,__filename,__dirname){${text}\n})`, {
    filename: program,
    cachedData: known?.data,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, program, dirname(program));
  const stage = script.cachedDataRejected ? -1 : (known?.stage ?? -1);
  return async (argv) => {
    const code = await module.exports.main(argv);
    const reached = code === 1 ? 1 : 0;
    if (reached > stage) keep({ script, version, stage: reached });
    return code;
  };
};

/** What was kept, if it is of this version, undamaged, and not from somebody who could not write the program. */
function readKept(version) {
  let file;
  try {
    file = openSync(kept, 'r');
    const { uid, mode } = fstatSync(file);
    if (process.getuid && ((mode & 0o022) !== 0 || (uid !== process.getuid() && uid !== 0))) return undefined;
    const bytes = readFileSync(file);
    const end = bytes.indexOf(10);
    const [stage, sum, ...rest] = bytes.toString('latin1', 0, end).split(' ');
    const data = bytes.subarray(end + 1);
    return rest.join(' ') === version && crc32(data) === Number(sum) ? { stage: Number(stage), data } : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Writes beside it and renames: it is never half there. */
function keep({ script, version, stage }) {
  const temporary = `${kept}.${process.pid}`;
  let file;
  try {
    file = openSync(temporary, 'wx', 0o644);
  } catch {
    return;
  }
  try {
    const data = script.createCachedData();
    writeFileSync(file, Buffer.concat([Buffer.from(`${stage} ${crc32(data)} ${version}\n`), data]));
    closeSync(file);
    renameSync(temporary, kept);
  } catch {
    rmSync(temporary, { force: true });
  }
}
