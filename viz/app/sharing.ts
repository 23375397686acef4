/** Links and files that leave the page: into the clipboard, onto the disk. */
import { linesOf } from './compare-runs.ts';
import type { AppStore } from './store.ts';

/** Longer links get lost in mails and chats; a file is offered then. */
export const LONGEST_LINK = 8_192;

export async function copyLink(app: AppStore): Promise<void> {
  const { slot, state } = app;
  if (slot === null) return;
  try {
    const link = await app.services.link(slot, state.position);
    if (link.length > LONGEST_LINK) {
      app.notify('error', 'This scenario is too long for a link', [
        `The link would have ${link.length} characters; past ${LONGEST_LINK} many programs cut it.`,
        'Share and export (Shift Y) offers the scenario and the trace as files.',
      ]);
      return;
    }
    await copyText(link);
    app.notify('info', `Link to event ${state.position} copied`);
  } catch (error) {
    app.notify('error', 'The link was not copied', linesOf(error));
  }
}

/** Rejects when the browser does not allow it. */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

export function saveFile(name: string, parts: readonly BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser has to begin to read it first.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
