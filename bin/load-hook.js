// Loads dist/hook.cjs, and keeps what V8 has compiled of it in a file beside it: compiling takes longer than the rest of a hook.
// Whoever can write there can write the program as well; where nobody can, all goes on without.
const {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

const folder = join(__dirname, '..', 'dist');
const program = join(folder, 'hook.cjs');
/** So many are kept, for other versions of Node and other options. */
const MOST_KEPT = 8;

/** What is compiled to be counted is other code. */
const MEASURED = process.env.NODE_V8_COVERAGE !== undefined;

/**
 * The function `main` of the hook. Runs that find something use more of the program than others, so the first of them keeps it
 * once more.
 */
exports.loadMain = () => {
  const text = readFileSync(program, 'latin1');
  // The build gives every version of the program a first line of its own.
  const version = text.slice(0, text.indexOf('\n'));
  const kept = MEASURED ? undefined : nameForThisNode();
  const known = kept && readKept(kept, version);
  const script = new Script(`(function(exports,require,module,__filename,__dirname){${text}\n})`, {
    filename: program,
    cachedData: known?.data,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, program, folder);
  const stage = script.cachedDataRejected ? -1 : (known?.stage ?? -1);
  return async (argv) => {
    const code = await module.exports.main(argv);
    const reached = code === 1 ? 1 : 0;
    if (kept && reached > stage) keep({ script, kept, version, stage: reached });
    return code;
  };
};

/** It is good for this very program of Node, with the options that it was started with. */
function nameForThisNode() {
  const { execPath, execArgv, env, arch } = process;
  try {
    const { size, mtimeMs } = statSync(execPath);
    const key = [execPath, size, mtimeMs, env.NODE_OPTIONS, ...execArgv].join('\n');
    return join(folder, `hook-${process.version}-${arch}-${crc32(key).toString(16)}.cache`);
  } catch {
    return undefined;
  }
}

/** What was kept, if it is of this version, undamaged, and not from somebody who could not write the program. */
function readKept(kept, version) {
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
function keep({ script, kept, version, stage }) {
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
    forgetOldest();
  } catch {
    rmSync(temporary, { force: true });
  }
}

function forgetOldest() {
  const all = readdirSync(folder)
    .filter((name) => /^hook-.*\.cache$/.test(name))
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of all.slice(MOST_KEPT)) rmSync(path, { force: true });
}
