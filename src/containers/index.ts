/**
 * What is inside archives, compressed files, notebooks, databases, PDF files and git bundles. Nothing is ever written to
 * disk; everything is bounded (see limits.ts), and whatever is left out is told with the reason.
 */
import { type ReadBytes, readerOf, resumedReader } from '../util/byte-reader.ts';
import { formatCount } from '../util/format.ts';
import { type ReadLimits, USUAL_DEPTH } from '../util/read-limits.ts';
import { type Budget, isDamage, openBudget, type Part, Refusal, type UnpackedStream } from './limits.ts';
import { type ContainerKind, containerKind, HEAD_BYTES, imagePart, isCompression } from './sniff.ts';
import { unpackedStream } from './unpack.ts';

/**
 * Something found in a container, in the order of the container. `member` is its path in there, with `!` between containers
 * that are in each other (`b.tar.gz!c.env`); empty: the container itself.
 */
export type Found =
  | { member: string; bytes: Buffer }
  | { member: string; text: string }
  | { member: string; reason: string };

/** A container to open. */
export interface ContainerInput extends ReadLimits {
  read: ReadBytes;
  /** Its path: some things are told by their name. */
  path: string;
}

/** Opens a container and everything in it. Failures of `read` are thrown as they are; it may not be read to its end. */
export async function* openContainer(input: ContainerInput): AsyncGenerator<Found, void> {
  const { read, path, maxFileSize, maxDepth = USUAL_DEPTH } = input;
  const context: Context = { budget: openBudget(maxFileSize), maxDepth, failure: undefined };
  const noted: ReadBytes = (length) =>
    read(length).catch((error) => {
      context.failure = { error };
      throw error;
    });
  try {
    yield* walk({ read: noted, path, member: '', depth: 0 }, context);
  } catch (error) {
    if (!(error instanceof Refusal) || context.failure) throw error;
    yield { member: '', reason: error.message };
  }
}

interface Context {
  budget: Budget;
  maxDepth: number;
  /** The failure of what the container is read from: that is no damage of the container. */
  failure: { error: unknown } | undefined;
}

interface Item {
  read: ReadBytes;
  size?: number | undefined;
  /** The path of the outermost file, or the name of the member. */
  path: string;
  member: string;
  /** How many containers it is in. */
  depth: number;
  /** What a tar archive is called that is all there is in a compressed file: like that file. */
  asTar?: Place;
  /** Of a part of an image of containers the digits of its digest, and the place of the image. */
  imagePart?: { digits: string; image: Place };
}

/** What something is called, and how many containers it is in. */
interface Place {
  member: string;
  depth: number;
  /** A layer of an image has no layers itself. */
  isLayer?: boolean;
}

/** The formats that have to be held as a whole. */
type Held = Exclude<ContainerKind, 'gzip' | 'bzip2' | 'xz' | 'zstd' | 'tar' | '7z' | 'rar'>;

async function* walk(item: Item, context: Context): AsyncGenerator<Found, void> {
  const head = await item.read(HEAD_BYTES);
  const read = resumedReader(head, item.read);
  const kind = containerKind(head, item.path);
  const place: Place = (kind === 'tar' && item.asTar) || layerPlace(item, kind) || placeOf(item);
  const { member, depth } = place;
  if (kind === undefined) return yield* leaf({ ...item, read }, context);
  if (kind === '7z' || kind === 'rar') {
    return yield { member, reason: `compressed (${kind}): what is inside is not looked at` };
  }
  if (depth >= context.maxDepth) {
    // The text of a notebook is in it as it is.
    return yield* kind === 'notebook' ? leaf({ ...item, read }, context) : [{ member, reason: tooDeep(context, kind) }];
  }
  try {
    if (isCompression(kind)) {
      const name = nameInside(member === '' ? item.path : member);
      const inner = {
        path: name,
        member: joined(member, name),
        depth: depth + 1,
        asTar: item.asTar ?? place,
      };
      const stream = unpackedStream({ compression: kind, read, budget: context.budget });
      yield* streamed({ ...inner, stream }, { context, about: member });
    } else if (kind === 'tar') {
      const { readTar } = await import('./tar.ts');
      yield* within({ parts: readTar(read), member, depth, mayBeImage: !place.isLayer }, context);
    } else {
      yield* held({ ...item, read, kind }, context);
    }
  } catch (error) {
    yield refused(error, { member, context });
  }
}

function placeOf({ member, depth }: Item): Place {
  return { member, depth };
}

/** A layer is called by its digest, and is as deep as its image: nobody thinks of it as an archive in an archive. */
function layerPlace({ imagePart: part }: Item, kind: ContainerKind | undefined): Place | undefined {
  if (!part || !kind || !(kind === 'tar' || isCompression(kind))) return undefined;
  const { digits, image } = part;
  return { member: joined(image.member, `layer ${digits}`), depth: image.depth, isLayer: true };
}

function tooDeep({ maxDepth }: Context, kind: ContainerKind): string {
  return maxDepth === 0
    ? `a container (${kind}): not opened (max-depth is 0)`
    : `nested in more than ${formatCount(maxDepth, 'container')}: not looked into (max-depth)`;
}

/** What an error says of a container; thrown on when it is not about the container, or about more than it. */
function refused(error: unknown, at: { member: string; context: Context }): Found {
  const { member, context } = at;
  if (context.failure) throw context.failure.error;
  if (error instanceof Refusal && !error.everything) return { member, reason: error.message };
  if (!isDamage(error)) throw error;
  return { member, reason: 'damaged: not all of it could be looked at' };
}

/** Reads what is inside by the parts that a reader makes of it. */
async function* within(
  inside: Place & { parts: Iterable<Part> | AsyncIterable<Part>; mayBeImage?: boolean },
  context: Context,
): AsyncGenerator<Found, void> {
  const { parts, member, depth, mayBeImage = false } = inside;
  for await (const part of parts) {
    const name = part.name === '' ? member : joined(member, part.name);
    if (part.name !== '') context.budget.member();
    if ('reason' in part) yield { member: name, reason: part.reason };
    else if ('text' in part) yield { member: name, text: part.text };
    else {
      const digits = mayBeImage ? imagePart(part.name) : undefined;
      const image = digits === undefined ? {} : { imagePart: { digits, image: { member, depth } } };
      const inner = { path: part.name, member: name, depth: depth + 1, ...image };
      if ('stream' in part) yield* streamed({ ...inner, stream: part.stream }, { context, about: name });
      else if ('bytes' in part) yield* walk({ ...inner, read: readerOf(part.bytes), size: part.bytes.length }, context);
      else yield* walk({ ...inner, read: part.read, size: part.size }, context);
    }
  }
}

/** Reads what comes out of a compressed stream, and tells what was wrong with that if nothing inside has told it. */
async function* streamed(
  item: Omit<Item, 'read'> & { stream: UnpackedStream },
  { context, about }: { context: Context; about: string },
): AsyncGenerator<Found, void> {
  const { stream, ...inner } = item;
  let told = false;
  try {
    for await (const found of walk({ ...inner, read: stream.read }, context)) {
      told ||= 'reason' in found;
      yield found;
    }
    const problem = stream.problem();
    if (problem !== undefined && !told) yield { member: about, reason: problem };
  } finally {
    await stream.close();
  }
}

async function* held(item: Item & { kind: Held }, context: Context): AsyncGenerator<Found, void> {
  const { kind, member, depth } = item;
  const { budget } = context;
  const bytes = await whole(item, depth === 0 ? { limit: budget.room, tooLarge: TOO_LARGE } : limitOf(budget));
  if (!Buffer.isBuffer(bytes)) return yield { member, reason: bytes.reason };
  budget.hold(bytes.length);
  let empty = true;
  try {
    for await (const found of within({ parts: await partsOf({ kind, bytes, budget }), member, depth }, context)) {
      empty = false;
      yield found;
    }
  } catch (error) {
    const found = refused(error, { member, context });
    empty &&= kind !== 'zip' && kind !== 'bundle';
    // What is only called a notebook is text like any other.
    if (kind !== 'notebook') yield found;
  } finally {
    budget.hold(-bytes.length);
  }
  // A document of which nothing could be made is still looked at as the bytes that it is.
  if (empty && kind !== 'zip' && kind !== 'bundle') yield { member, bytes };
}

const TOO_LARGE = 'too large to be held in memory: not looked into';

async function partsOf(input: { kind: Held; bytes: Buffer; budget: Budget }): Promise<Iterable<Part>> {
  const { kind, bytes, budget } = input;
  switch (kind) {
    case 'zip':
      return (await import('./zip.ts')).readZip(bytes, budget);
    case 'notebook':
      return (await import('./notebook.ts')).readNotebook(bytes);
    case 'sqlite':
      return (await import('./sqlite.ts')).readSqlite(bytes, budget);
    case 'pdf':
      return (await import('./pdf.ts')).readPdf(bytes, budget);
    case 'bundle':
      return (await import('./git-bundle.ts')).readBundle(bytes, budget);
  }
}

async function* leaf(item: Item, context: Context): AsyncGenerator<Found, void> {
  const bytes = await whole(item, limitOf(context.budget));
  if (!Buffer.isBuffer(bytes)) return yield { member: item.member, ...bytes };
  if (item.imagePart) {
    const { digits, image } = item.imagePart;
    const parts = (await import('./image.ts')).readImageConfig(bytes);
    if (parts) return yield* within({ parts, ...image, member: joined(image.member, `config ${digits}`) }, context);
  }
  yield { member: item.member, bytes };
}

function limitOf({ memberLimit, tooLarge }: Budget): { limit: number; tooLarge: string } {
  return { limit: memberLimit, tooLarge };
}

/** All bytes of an item, or why they cannot be had. What comes before damage counts. */
async function whole(
  item: Item,
  { limit, tooLarge }: { limit: number; tooLarge: string },
): Promise<Buffer | { reason: string }> {
  if (item.size !== undefined && item.size > limit) return { reason: tooLarge };
  const bytes = await item.read(limit + 1);
  return bytes.length > limit ? { reason: tooLarge } : bytes;
}

function joined(member: string, name: string): string {
  return member === '' ? name : `${member}!${name}`;
}

/** What a compressed file is called inside: like the file, without the ending that says how it is compressed. */
function nameInside(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);
  const short = name.replace(/\.(?:gz|bz2|xz|zst|zstd)$/i, '').replace(/\.(?:tgz|tbz2?|txz|tzst)$/i, '.tar');
  return short === name || short === '' ? 'content' : short;
}
