/** The review of changes: what `sss review` is made of. */
export { guidanceVersion } from './guidance.ts';
export { createLooker } from './look.ts';
export { BEGIN_ANEW, type Mission, missionFolder, missionsIn, openMission, type Stage } from './mission.ts';
export { hashOf, madeWith, USUAL_CHANCE, USUAL_FOLDER, USUAL_GUIDANCE, votesKey } from './settings.ts';
export { smoke } from './smoke.ts';
export { FILES, judgeTickets, readGuidance } from './stage-b.ts';
export { readSummaries, SUMMARIES, summarize } from './summaries.ts';
export { parseTickets, readTickets, resolveTickets, storedTickets, ticketsOfFiles } from './tickets.ts';
export type { Chance, Ticket, TicketVerdict } from './types.ts';
