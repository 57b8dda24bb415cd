import type { NameKind } from '../features/name.ts';
import { after, before, type Filter, isByShape, lineBefore } from './filter.ts';
import { isPublicKey } from './public-values.ts';

/** The end of an address up to a place in its path, where no parameter stands. */
const ADDRESS_PATH = /\bhttps?:\/\/[^\s"'`<>()?#]*\/$/i;

const KEYS_TO_AN_ACCOUNT: ReadonlySet<NameKind> = new Set<NameKind>(['password', 'private-key', 'secret']);

/** Values that are public: points in time, resources, addresses of pages, public keys. */
export const PUBLIC_FILTERS: readonly Filter[] = [
  {
    label: 'harmless',
    reason: 'it is a point in time',
    only: 'number',
    when: ({ value }, f) =>
      /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?$/.test(value) ||
      (f.name.kind !== 'password' && /^(?:19|20)\d\d-[01]\d-[0-3]\d$/.test(value)),
  },
  {
    label: 'harmless',
    reason: 'it is an amount or a point of time, by its name',
    only: 'number',
    when: ({ value, name = '' }) =>
      /^\d+$/.test(value) &&
      /(?:seconds?|minutes?|hours?|days?|millis|ttl|timeout|expir(?:y|ation|es?)(?:[-_. ]?(?:at|in|on|time))?|[a-z]At|_at)$/i.test(
        name,
      ),
  },
  {
    label: 'harmless',
    reason: 'it is a unit of time',
    when: ({ value }) => /^(?:(?:milli|micro|nano)?seconds?|minutes?|hours?|days?|weeks?|months?|years?)$/i.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is a public key, by its structure',
    when: ({ value }) => isPublicKey(value),
  },
  {
    label: 'harmless',
    reason: 'it is the end of a certificate, which is public',
    when: (candidate) =>
      /^={0,2}\r?\n-----END (?:TRUSTED |X509 )?(?:CERTIFICATE|(?:RSA |EC )?PUBLIC KEY)/.test(after(candidate, 48)),
  },
  {
    label: 'harmless',
    reason: 'it is the address of an account or a contract in a block chain, which is public',
    only: 'number',
    when: ({ value }, f) => !KEYS_TO_AN_ACCOUNT.has(f.name.kind) && /^0x[0-9a-f]{40}$/i.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is an address, by its name',
    when: (candidate) =>
      (isByShape(candidate) || candidate.rules[0]!.id === 'generic-token') &&
      /addr(?:ess)?$/i.test(candidate.name ?? ''),
  },
  {
    label: 'harmless',
    reason: 'it is the number of a token, not the token',
    only: 'number',
    when: ({ value, name = '' }) => /token[-_]?ids?$/i.test(name) && /^(?:\d+|0x[0-9a-f]+)$/i.test(value),
  },
  {
    label: 'harmless',
    reason: 'it says who has recommended a site',
    only: 'shape',
    when: (candidate) => {
      if (/^(?:ref|referr?(?:al|er)?|aff(?:iliate)?|utm_\w+)$/i.test(candidate.name ?? '')) return true;
      const left = before(candidate, 120);
      return left.endsWith('/') && /\bhttps?:\/\/[^\s"'`<>?#]*\/(?:ref|referrals?|aff|affiliates?)\/$/i.test(left);
    },
  },
  {
    label: 'harmless',
    reason: 'it is part of the name of a cloud resource',
    when: (candidate, f) => {
      const left = before(candidate, 120);
      return (
        (left.includes('%') && /\barn%3A[\w-]+%3A[^\s"'&]*$/i.test(left)) ||
        (/^[:/]/.test(left.slice(-1)) && /[:\s"'][a-z]{2}(?:-[a-z]+)+-\d:[^\s"':]{1,40}:[a-z-]+[:/]$/i.test(left)) ||
        (f.value.kind === 'uuid' && /\/subscriptions\/$|\b[a-z]{2}(?:-[a-z]+)+-\d:$/.test(left))
      );
    },
  },
  {
    label: 'harmless',
    reason: 'it is part of the name of a device in a storage network',
    only: 'shape',
    when: (candidate) => /\b[in]qn\.\d{4}-\d\d\.\S{1,120}$/.test(before(candidate, 140)),
  },
  {
    label: 'harmless',
    reason: 'it names a kind of Bluetooth service, the same in all devices',
    only: 'uuid',
    when: (candidate) =>
      /-0000-1000-8000-00805f9b34fb$/i.test(candidate.value) ||
      /(?:service|char(?:acteristic)?|bluetooth|ble|gatt|bt)[\w:. ]{0,40}uuid/i.test(
        `${candidate.name} ${before(candidate, 120)}`,
      ),
  },
  {
    label: 'harmless',
    reason: 'it names a disk or a file system',
    only: 'uuid',
    when: (candidate) =>
      /(?:^|_)(?:fs|part(?:ition)?|ptable|disk|vol(?:ume)?)_?(?:part)?_?uuid$/i.test(candidate.name ?? '') ||
      /\/dev\/[\w/-]+:?\s+(?:UUID=)?["']?$|^[#\s]*(?:PART)?UUID=["']?$/.test(lineBefore(candidate)),
  },
  {
    label: 'harmless',
    reason: 'it is the name space that other UUIDs are made in',
    only: 'uuid',
    when: ({ name = '' }) => /uuid_?name_?space|name_?space_?uuid/i.test(name),
  },
  {
    label: 'harmless',
    reason: 'it is the name of something, by the way it is written (a URN)',
    only: 'uuid',
    when: (candidate) => /\burn:uuid:$/i.test(before(candidate, 10)),
  },
  {
    label: 'harmless',
    reason: 'it is the identifier of a request',
    only: 'uuid',
    when: (candidate) => /\brequest-?id(?:>|&gt;)\s*$/i.test(before(candidate, 24)),
  },
  {
    label: 'harmless',
    reason: 'it is a place in a page, which no address hands on',
    only: 'uuid',
    when: (candidate) => /\bhttps?:\/\/[^\s"'`<>]*#$/.test(before(candidate, 200)),
  },
  {
    label: 'harmless',
    reason: 'it names a picture or a page that everybody may see',
    only: 'shape',
    when: (candidate) => {
      const left = before(candidate, 200);
      return (
        left.endsWith('/') &&
        ADDRESS_PATH.test(left) &&
        (/github\.com\/[\w./-]+\/assets(?:\/\d+)?\/$|\/openspecs\/[\w-]+\/$/.test(left) ||
          /:\/\/(?:lists?|mail|groups|forums?|discuss)\./.test(lineBefore(candidate)) ||
          (candidate.rules[0]!.id !== 'generic-uuid' && /^\.(?:png|jpe?g|gif|svg|webp)\b/i.test(after(candidate, 8))))
      );
    },
  },
  {
    label: 'harmless',
    reason: 'it stands in an address on the same machine',
    only: 'uuid',
    when: (candidate) =>
      /\b(?:wss?|https?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d+)?\/[^\s"'`<>()?#]*$/.test(
        before(candidate, 200),
      ),
  },
  {
    label: 'harmless',
    reason: 'it is the token of a badge, which opens the picture alone',
    when: (candidate) =>
      before(candidate, 1) === '=' && /\bbadge[^\s"'`<>?]{0,80}\?token=$/i.test(before(candidate, 120)),
  },
  {
    label: 'harmless',
    reason: 'it is a path in a storage, not what opens it',
    only: 'token',
    when: (candidate) => {
      const left = before(candidate, 200);
      return left.endsWith('/') && /\b(?:s3a?|gs|abfss?|hdfs):\/\/[^\s"'`<>?]*\/$/.test(left);
    },
  },
  {
    label: 'harmless',
    reason: 'it is the name of the realm that one logs in to',
    when: (candidate) => /\brealm=\\?["']$/.test(before(candidate, 10)),
  },
  {
    label: 'harmless',
    reason: 'it is the name of a type',
    when: ({ value, chunk }, f) =>
      f.context.bareInCode && /\.d\.[cm]?ts$/.test(chunk.logicalPath) && /^[A-Za-z_$][\w$]*$/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is a name of several words, without a digit',
    only: 'token',
    when: ({ value }) =>
      /^(?:[A-Z]{1,2}[a-z]{2,}){3,}$/.test(value) && value.length >= 4 * (value.match(/[A-Z]/g)?.length ?? 0),
  },
  {
    label: 'harmless',
    reason: 'it is part of the name of a thing in a program',
    only: 'token',
    when: (candidate) => /\w::$/.test(before(candidate, 8)),
  },
  {
    label: 'harmless',
    reason: 'it stands behind the name of a function in a compiled program',
    when: ({ name = '' }) => /^_(?:R[A-Z][a-z]|ZN\d)\w{12}/.test(name),
  },
  {
    label: 'harmless',
    reason: 'it is made of words of a program that only stand side by side',
    when: ({ value, chunk }) =>
      chunk.decoded?.way.includes('joined strings') === true &&
      /\.[cm]?[jt]sx?$/.test(chunk.logicalPath) &&
      /^[a-z]+$/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is a number of a program, written as a text because it is large',
    when: (candidate) => /\bBigInt\(["'`]$/.test(before(candidate, 16)),
  },
  {
    label: 'harmless',
    reason: 'it is the largest or the smallest number of its kind',
    only: 'number',
    when: ({ value }) =>
      /^-?(?:2147483647|2147483648|4294967295|9223372036854775807|9223372036854775808|18446744073709551615)$/.test(
        value,
      ),
  },
  {
    label: 'harmless',
    reason: 'it says when a password is set, not to what',
    when: ({ value, name = '' }, f) =>
      f.context.compared && /^[a-z_]+$/.test(value) && /(?:^|[._])(?:update|change|reset|set)_?pass/i.test(name),
  },
  {
    label: 'harmless',
    reason: 'it is the table of a parser',
    when: ({ name = '' }) => /^token_?data$/i.test(name),
  },
  {
    label: 'harmless',
    reason: 'it is one of several texts that a program compares something with',
    when: (candidate) =>
      /^["'`] ?[!=]==? ?[\w.$]/.test(after(candidate, 8)) &&
      /[!=]==? ?[\w.$]+ ?(?:&&|\|\|) ?["'`]$/.test(before(candidate, 80)),
  },
  {
    label: 'harmless',
    reason: 'what stands round it are signs of a text, no quotes',
    when: (candidate) => {
      const left = before(candidate, 2);
      const right = after(candidate, 2);
      return left[1] === right[0] && /^[\w\\`#]["'`]$/.test(left) && /^["'`]\w$/.test(right);
    },
  },
  {
    label: 'harmless',
    reason: 'it is the next sentence',
    when: ({ value, name = '' }, f) => !f.context.quoted && name.endsWith('.') && /^[A-Z][a-z]+$/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is the next text of a list, not the value of the one before',
    when: (candidate) => {
      const { name, value, chunk } = candidate;
      if (name === undefined || name.startsWith('-') || !/^[A-Za-z_-]+$/.test(value)) return false;
      const left = before(candidate, 160);
      if (/\.json$/i.test(chunk.logicalPath)) return left.replace(/\s+/g, '').endsWith(`"${name}","`);
      // In a program it is a list when each stands on a line of its own.
      return /^["'`],?[ \t]*\r?\n/.test(after(candidate, 8)) && isAloneAbove(left, name);
    },
  },
];

/** Whether the line above ends a text with nothing but `"name",` on it. */
function isAloneAbove(text: string, name: string): boolean {
  const line = text.split('\n').at(-2) ?? '';
  return (
    /^[ \t]*["'`]$/.test(text.slice(text.lastIndexOf('\n') + 1)) && line.trim().replace(/["'`]/g, '"') === `"${name}",`
  );
}
