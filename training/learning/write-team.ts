import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ModelCard } from '../../src/classify/card.ts';
import { MODEL_FILES, openModelFolder, shippedModel } from '../../src/classify/model-folder.ts';
import { teamOf } from '../../src/classify/open-model.ts';
import { type StoredTeam, teamFeatures } from '../../src/classify/team.ts';
import { UserError } from '../../src/util/errors.ts';
import { type Adapted, listed } from './adapter-fit.ts';
import { ADAPTER_MARK, type Base, TEAM_MARK } from './base.ts';
import type { Fitted } from './fit.ts';

/**
 * Writes the folder of a team's model, beside the old one first. On top of the shipped model it holds nothing but what was
 * learned; what another one consists of is copied.
 * @param input.adapted the language model, where it is the team's own
 * @param input.figures for the card
 * @throws UserError when it cannot be written; the old one stays
 */
export async function writeTeam(input: {
  dir: string;
  name: string;
  base: Base;
  fitted: Fitted;
  adapted?: Adapted | undefined;
  scores: readonly string[];
  figures: Record<string, unknown>;
}): Promise<ModelCard> {
  const { dir, name, base, fitted, adapted, scores, figures } = input;
  const stored: StoredTeam = { format: 1, features: teamFeatures(scores), scale: fitted.scale, forest: fitted.forest };
  const bytes = Buffer.from(`${JSON.stringify(stored)}\n`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { name: parent, version } = base.card;
  const own = listed(adapted?.files ?? new Map());
  const network = own[MODEL_FILES.network]?.sha256.slice(0, 8);
  const card: ModelCard = {
    ...base.card,
    name,
    version: `${version}${TEAM_MARK}${sha256.slice(0, 8)}${network === undefined ? '' : ADAPTER_MARK + network}`,
    languageModel: adapted?.languageModel ?? base.card.languageModel,
    parent: { name: parent, version },
    files: { ...base.card.files, ...own, [MODEL_FILES.team]: { sha256, bytes: bytes.length } },
    metrics: { ...figures, parent: base.card.metrics },
  };
  const fresh = `${dir}.new.${process.pid}`;
  const old = `${dir}.old.${process.pid}`;
  try {
    await mkdir(fresh, { recursive: true });
    await writeFile(join(fresh, MODEL_FILES.team), bytes, { flush: true });
    if (resolve(base.folder.dir) !== resolve(shippedModel())) await copyFiles(base, fresh);
    for (const [file, content] of adapted?.files ?? []) await put(join(fresh, file), content);
    await writeFile(join(fresh, MODEL_FILES.card), `${JSON.stringify(card, null, 2)}\n`, { flush: true });
    await teamOf(await openModelFolder({ dir: fresh }));
    if (existsSync(dir)) await rename(dir, old);
    await rename(fresh, dir).catch(async (error) => {
      if (existsSync(old)) await rename(old, dir);
      throw error;
    });
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UserError(
      `the model cannot be written to ${dir}: ${code === 'ENOSPC' ? 'the disk is full' : (code ?? message)}`,
      {
        hint: 'the model that was there stays; --models-dir names another folder',
        cause,
      },
    );
  } finally {
    // What went wrong is told, and not that there is nothing to remove.
    await rm(fresh, { recursive: true, force: true }).catch(() => {});
  }
  await rm(old, { recursive: true, force: true });
  return card;
}

/** Files that the shipped model would lend are left out. */
async function copyFiles({ folder, card }: Base, to: string): Promise<void> {
  for (const name of Object.keys(card.files)) {
    if (!existsSync(join(folder.dir, name))) continue;
    await put(join(to, name), await folder.read(name));
  }
}

async function put(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { flush: true });
}
