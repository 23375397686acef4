/** Change, compare, share, and the page itself. */
import { type Command, ctrl, hasRun, key, shift } from '../command.ts';
import { closeCompare, openCompare } from '../compare-runs.ts';
import { openEditor } from '../edit.ts';
import { copyLink } from '../sharing.ts';
import { isTooSmall } from '../small-screen.ts';
import type { AppState, Theme } from '../state.ts';
import type { AppStore } from '../store.ts';

export const pageCommands: readonly Command[] = [
  {
    id: 'branch',
    words: 'Branch here: edit the scenario',
    group: 'Change',
    keys: [key('KeyB')],
    available: hasRun,
    run: (app) => {
      if (!isTooSmall(app)) openEditor(app);
    },
  },
  {
    id: 'break',
    words: 'Break what is selected …',
    group: 'Change',
    keys: [key('KeyK'), key('ContextMenu'), shift('F10')],
    available: hasRun,
    run: (app) => app.request('context-menu'),
  },
  {
    id: 'compare',
    words: 'Compare with another run, or end it',
    group: 'Compare and share',
    keys: [key('KeyC')],
    available: hasRun,
    run: (app) => {
      if (app.state.compare === null) openCompare(app);
      else closeCompare(app);
    },
  },
  {
    id: 'link',
    words: 'Copy the link to this event',
    group: 'Compare and share',
    keys: [key('KeyY')],
    available: hasRun,
    run: (app) => void copyLink(app),
  },
  {
    id: 'share',
    words: 'Share and export …',
    group: 'Compare and share',
    keys: [shift('KeyY')],
    available: hasRun,
    run: (app) => setOverlay(app, 'share'),
  },
  {
    id: 'open-file',
    words: 'Open a trace, failure or scenario file …',
    group: 'Page',
    keys: [key('KeyO')],
    run: (app) => app.request('open-file'),
  },
  {
    id: 'gallery',
    words: 'Back to the gallery',
    group: 'Page',
    keys: [key('KeyU')],
    available: hasRun,
    run: (app) =>
      app.update((draft) => {
        draft.screen = 'gallery';
        draft.playing = false;
      }),
  },
  {
    id: 'theme',
    words: 'Dark, light or as the system has it',
    group: 'Page',
    keys: [key('KeyT')],
    run: (app) => {
      const next = THEMES[(THEMES.indexOf(app.state.theme) + 1) % THEMES.length] ?? 'system';
      app.update((draft) => {
        draft.theme = next;
      });
      app.say(`theme ${next}`);
    },
  },
  {
    id: 'palette',
    words: 'Command palette',
    group: 'Page',
    keys: [ctrl('KeyK')],
    run: (app) => setOverlay(app, 'palette'),
  },
  {
    id: 'help',
    words: 'Keys and what the colours mean',
    group: 'Page',
    keys: [shift('Slash'), key('F1')],
    run: (app) => setOverlay(app, 'help'),
  },
];

const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

function setOverlay(app: AppStore, overlay: AppState['overlay']): void {
  app.update((draft) => {
    draft.overlay = overlay;
  });
}
