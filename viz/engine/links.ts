/**
 * Links as the page makes and opens them. A `#v1.…` link carries the run itself: it is run again
 * here, shown, and compared with what the link says of it. `?scenario=…` names a story.
 */
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { allScenarios } from '../../scenarios/all.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import type { RunSlot, RunSpec } from '../app/services.ts';
import { VIEWS } from '../app/state.ts';
import type { AppStore } from '../app/store.ts';
import { encodeLink, type GalleryLink, type RunLink, readLink } from '../model/link.ts';
import { pathOf } from '../model/path-marks.ts';
import { tellIfTooFar } from './too-far.ts';
import { verifyLink } from './verify.ts';
import { ENGINE_VERSION } from './version.ts';

export interface LinkDoors {
  open(spec: RunSpec, show: { readonly at?: number }): Promise<RunSlot>;
  whole(slot: RunSlot): Promise<RunSlot>;
}

/** The seed of a link that names none; the command line's, too. */
const DEFAULT_SEED = 1;

/** The whole address that opens this run at this event, on the page that makes it. */
export async function linkTo(slot: RunSlot, at: number, view: string): Promise<string> {
  const { spec, store } = slot;
  const { events, marks } = store.complete ? pathOf(store, at) : { events: 0, marks: '' };
  const link: RunLink = {
    engine: ENGINE_VERSION,
    scenario: spec.scenario as unknown as RunLink['scenario'],
    seed: spec.seed,
    actions: spec.actions ?? [],
    at,
    view,
    digest: store.complete ? (store.identity?.digest ?? '') : '',
    traceHash: store.complete ? (store.identity?.traceHash ?? '') : '',
    events,
    marks,
  };
  return `${location.origin}${location.pathname}${await encodeLink(link)}`;
}

/** @returns false when the text asks for nothing. Rejects with what is wrong with it. */
export async function openLink(app: AppStore, doors: LinkDoors, text: string): Promise<boolean> {
  const read = await readLink(text);
  switch (read.kind) {
    case 'none':
      return false;
    case 'problem': {
      const { message, offending } = read.problem;
      throw new Error(`The link cannot be read: ${message}\nfound: ${offending}`);
    }
    case 'gallery':
      await openStory(app, doors, read.link);
      return true;
    case 'run':
      await openRun(app, doors, read.link);
      return true;
  }
}

async function openStory(app: AppStore, doors: LinkDoors, link: GalleryLink): Promise<void> {
  const scenario = storyOf(link.name);
  const seed = link.seed ?? DEFAULT_SEED;
  const slot = await doors.open({ scenario, seed }, { at: link.at });
  await doors.whole(slot);
  tellIfTooFar(app, slot, link.at, 'The link');
}

async function openRun(app: AppStore, doors: LinkDoors, link: RunLink): Promise<void> {
  const { scenario, seed, actions, at, view } = link;
  const spec: RunSpec = { scenario: scenario as unknown as ScenarioInput, seed, actions };
  const slot = await doors.open(spec, { at });
  const known = VIEWS.find((one) => one === view);
  if (known !== undefined) {
    app.update((draft) => {
      draft.view = known;
    });
  } else if (view !== '') {
    app.notify('error', `The link asks for the view “${view}”`, [`There are: ${VIEWS.join(', ')}`]);
  }
  await doors.whole(slot);
  tellIfTooFar(app, slot, at, 'The link');
  verifyLink(app, slot, { said: link, path: link });
}

function storyOf(name: string): ScenarioInput {
  const found = allScenarios.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = allScenarios.map((one) => one.name);
  const question = didYouMean(nearestName(name, names));
  throw new Error(`No scenario is called “${name}”.${question && `\n${question}`}`);
}
