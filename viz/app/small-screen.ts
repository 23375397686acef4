/** On a phone the page is for reading. */
import type { AppStore } from './store.ts';

/** Says so when it is one. */
export function isTooSmall(app: AppStore): boolean {
  const isPhone = window.matchMedia('(max-width: 640px)').matches;
  if (isPhone)
    app.notify('info', 'Runs are changed on a larger screen; here they are for reading.');
  return isPhone;
}
