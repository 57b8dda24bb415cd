import type { Literal } from './literal.ts';

export interface UrlValue extends Literal {
  name: string;
  /** Id of the generic rule that the syntax stands for. */
  rule: 'url-credentials' | 'command-line-credentials' | 'storage-bucket';
}

const USERINFO = /^:\/\/(?<user>[^\s:/?#@"'`<>\\]{0,128}):(?<password>[^\s/"'`<>\\]{1,256}?)@(?=[\w.[\]$%{<(-])/;

/** The password of `scheme://user:password@host` where `://` starts at `hit`. */
export function valueInUrl(text: string, hit: number): UrlValue | undefined {
  const match = USERINFO.exec(text.slice(hit, hit + 512));
  if (!match) return undefined;
  const start = hit + 3 + match.groups!.user!.length + 1;
  return {
    start,
    end: start + match.groups!.password!.length,
    quoted: false,
    name: match.groups!.user!,
    rule: 'url-credentials',
  };
}

const USER_FLAG = /^(?:-u|--user)[ \t=]{1,4}\\?["']?(?<user>[^\s:"'`]{0,128}):["']?(?<password>[^\s"'`]{1,256})/;
/** A key in the place of the user, with an empty password behind it: what many services take. */
const KEY_FLAG =
  /^(?:-u|--user)[ \t=]{1,4}\\?["']?(?<key>(?=[^\s:\d]{0,127}\d)[^\s:"'`$<{]{8,128}):(?=\\?["']?(?:\s|$))/;

/** The password of `curl -u user:password`, or the key of `curl -u key:`, where the flag starts at `hit`. */
export function valueInUserFlag(text: string, hit: number): UrlValue | undefined {
  const near = text.slice(hit, hit + 512);
  const match = USER_FLAG.exec(near);
  if (!match) return keyInUserFlag(near, hit);
  const end = hit + match[0].length;
  return {
    start: end - match.groups!.password!.length,
    end,
    quoted: false,
    name: match.groups!.user!,
    rule: 'command-line-credentials',
  };
}

function keyInUserFlag(near: string, hit: number): UrlValue | undefined {
  const match = KEY_FLAG.exec(near);
  if (!match) return undefined;
  const end = hit + match[0].length - 1;
  const start = end - match.groups!.key!.length;
  return { start, end, quoted: false, name: 'user', rule: 'command-line-credentials' };
}

const BUCKET_BEFORE = /[a-z0-9][a-z0-9.-]{2,62}$/i;
const BUCKET_HOST = /^\.s3[a-z0-9-]{0,24}\.(?:[a-z0-9-]{0,24}\.)?amazonaws\.com/i;

/** The host name of a storage bucket, `name.s3.amazonaws.com`, where `.s3` starts at `hit`. */
export function bucketHost(text: string, hit: number): UrlValue | undefined {
  const host = BUCKET_HOST.exec(text.slice(hit, hit + 80));
  const name = host && BUCKET_BEFORE.exec(text.slice(Math.max(0, hit - 63), hit));
  if (!name) return undefined;
  return {
    start: hit - name[0].length,
    end: hit + host[0].length,
    quoted: false,
    name: 'bucket',
    rule: 'storage-bucket',
  };
}
