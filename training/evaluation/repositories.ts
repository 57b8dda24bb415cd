/**
 * Weights that keep a repository from deciding for all: the members of one with more than `cap` of them share the weight
 * of `cap`, the members of smaller ones weigh 1.
 */
export function repositoryWeights(repos: readonly string[], cap: number): number[] {
  const sizes = countBy(repos);
  return repos.map((repo) => Math.min(1, cap / sizes.get(repo)!));
}

/**
 * Parts repositories into `parts` groups of about the same number of members: the largest first, each into the group that
 * has the least so far. Depends on the members only, not on their order. Returns the group of each repository.
 */
export function repositoryGroups(repos: readonly string[], parts: number): Map<string, number> {
  const filled = new Array<number>(parts).fill(0);
  const groups = new Map<string, number>();
  const bySize = [...countBy(repos)].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  for (const [repo, size] of bySize) {
    const group = filled.indexOf(Math.min(...filled));
    filled[group]! += size;
    groups.set(repo, group);
  }
  return groups;
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
