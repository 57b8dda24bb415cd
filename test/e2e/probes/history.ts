import { fillExample } from '../../../src/rules/examples.ts';
import { makeZip } from '../../containers/make.ts';
import { makeRepository, type TestRepository } from '../repository.ts';

/** A place of a history that has a token of its own. */
export interface Place {
  token: string;
  path: string;
  /** Further paths that the same text has had. */
  more?: string[];
  source: 'history' | 'message';
  /** The commit that has to be named. */
  commit: string;
  /** How git itself is asked whether HEAD has it: what the commit at HEAD has in it, or what its past has. */
  inHead: 'tree' | 'past';
}

/** Two lines, the second with a token that no other `what` has. */
function settings(what: string): string {
  return fillExample(`# ${what}\nGITHUB_TOKEN=ghp_{{alnum:30}}{{crc62}}\n`);
}

const tokenIn = (text: string) => /ghp_\w+/.exec(text)![0];

/** A repository that has had a token in every place that git keeps text in, each committed by someone else on another day. */
export function historyProbes(): { repository: TestRepository; places: Map<string, Place> } {
  const repository = makeRepository();
  const places = new Map<string, Place>();
  const { git, stage } = repository;
  let day = 0;
  let text = '';

  function commit(message: string, ...more: string[]): string {
    const date = new Date(Date.UTC(2024, 2, 1 + day++, 12)).toISOString().replace('.000Z', '+00:00');
    const author = { GIT_AUTHOR_NAME: `Author ${day}`, GIT_AUTHOR_EMAIL: `author${day}@example.com` };
    const env = { ...author, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const { status, stderr } = repository.tryGit(['commit', '--quiet', '--message', message, ...more], { env });
    if (status !== 0) throw new Error(stderr);
    return git('rev-parse', 'HEAD');
  }
  /** A text with a new token for the place, which is told later. */
  function secret(what: string): string {
    text = settings(what);
    return text;
  }
  function place(name: string, path: string, rest: Partial<Place> = {}): void {
    const of = { source: 'history', commit: git('rev-parse', 'HEAD'), inHead: 'tree' } as const;
    places.set(name, { token: tokenIn(text), path, ...of, ...rest });
  }
  /** Adds a file by its bytes: not every file system takes every name. */
  function index(path: Buffer, content: string): void {
    const blob = repository.tryGit(['hash-object', '-w', '--stdin'], { input: content }).stdout.trim();
    const input = Buffer.concat([Buffer.from(`100644 ${blob}\t`), path, Buffer.from([0])]);
    const { status, stderr } = repository.tryGit(['update-index', '-z', '--index-info'], { input });
    if (status !== 0) throw new Error(stderr);
  }

  stage('readme.txt', 'nothing here\n');
  commit('start');
  stage('deleted.env', secret('deleted'));
  commit('a file');
  place('a file that was deleted', 'deleted.env');
  git('rm', '--quiet', 'deleted.env');
  commit('without it');

  stage('edited.env', secret('edited'));
  commit('a line');
  place('a line that was edited', 'edited.env');
  stage('edited.env', '# edited\nGITHUB_TOKEN=\n');
  commit('another line');

  git('checkout', '--quiet', '-b', 'other');
  stage('branch.env', secret('other branch'));
  commit('on the branch');
  place('another branch', 'branch.env');
  git('checkout', '--quiet', 'main');

  stage('before.env', secret('renamed'));
  commit('before');
  place('a file that was renamed', 'after.env', { more: ['before.env'] });
  git('mv', 'before.env', 'after.env');
  commit('after');

  stage('current.env', secret('current'));
  commit('current');
  place('a file that is there', 'current.env');

  stage('a.zip', makeZip([{ name: 'dir/c.env', data: secret('zip') }]));
  commit('an archive');
  place('an archive that was deleted', 'a.zip!dir/c.env');
  git('rm', '--quiet', 'a.zip');
  commit('without the archive');

  stage('readme.txt', 'still nothing here\n');
  secret('message');
  const withChange = commit(`Use it\n\n${text.split('\n')[1]}\n`);
  place('the message of a commit', `commit:${withChange}`, { source: 'message', inHead: 'past' });
  secret('empty');
  const empty = commit(`Say it\n\n${text.split('\n')[1]}\n`, '--allow-empty');
  place('the message of an empty commit', `commit:${empty}`, { source: 'message', inHead: 'past' });

  git('checkout', '--quiet', '-b', 'side', 'main~1');
  stage('side.txt', 'side\n');
  commit('on the side');
  git('checkout', '--quiet', 'main');
  repository.tryGit(['merge', '--quiet', '--no-ff', '--no-commit', 'side']);
  stage('side.txt', secret('merge'));
  commit('the merge');
  place('what only a merge has brought', 'side.txt');

  for (const { name, bytes, path } of ODD_NAMES) {
    index(bytes, secret(name));
    commit('an odd name');
    place(`a file with ${name} in its name`, path);
  }
  // Of what is not on the disk the index must not say that it was deleted.
  git('read-tree', 'HEAD');
  git('rm', '--quiet', '--cached', '-r', 'odd');
  commit('without odd names');

  stage('stashed.env', '# stashed\n');
  commit('to be stashed');
  repository.write('stashed.env', secret('stash'));
  git('stash', 'push', '--quiet');
  place('a stash', 'stashed.env', { commit: git('rev-parse', 'stash@{0}') });
  repository.write('stashed.env', '# stashed later\n');
  git('stash', 'push', '--quiet');

  secret('note');
  git('notes', 'add', '--message', text, 'HEAD');
  place('a note', `note:${git('rev-parse', 'HEAD')}`, { source: 'message', inHead: 'past' });
  secret('tag');
  git('tag', '--annotate', '--cleanup=verbatim', 'v1', '--message', text, 'main~2');
  const tagged = { source: 'message', commit: git('rev-parse', 'main~2'), inHead: 'past' } as const;
  place('the message of an annotated tag', `tag:${git('rev-parse', 'v1')}`, tagged);

  stage('reset.env', secret('reset'));
  commit('to be reset');
  place('a commit that was reset away', 'reset.env');
  git('reset', '--quiet', '--hard', 'HEAD~1');
  stage('amended.env', secret('amended'));
  commit('to be amended');
  place('a commit that was amended', 'amended.env');
  git('rm', '--quiet', '--cached', 'amended.env');
  stage('amend.txt', 'clean\n');
  commit('clean', '--amend');
  return { repository, places };
}

const ODD_NAMES: { name: string; bytes: Buffer; path: string }[] = [
  { name: 'a line feed', bytes: Buffer.from('odd/new\nline.env'), path: 'odd/new\nline.env' },
  { name: 'a quote', bytes: Buffer.from('odd/"quote\'.env'), path: 'odd/"quote\'.env' },
  { name: 'bytes that are no UTF-8', bytes: Buffer.from('odd/b\xfcr\xff.env', 'latin1'), path: 'odd/b\\xfcr\\xff.env' },
];
