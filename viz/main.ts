/**
 * The page begins here: one store, the engine behind it, the shell on screen, then whatever the
 * address asks for. The panels of a run and the laboratory are fetched when a run is asked for.
 */
import { allScenarios } from '../scenarios/all.ts';
import { AppStore } from './app/store.ts';
import { Address } from './engine/address.ts';
import { mirror } from './engine/mirror.ts';
import { LabServices } from './engine/services.ts';
import './panels/app-shell.ts';

/** The gallery is there and nobody has touched it yet. */
const IDLE_AFTER_MS = 4_000;

const app = new AppStore();
const services = new LabServices(app, {
  laboratory: () => new Worker(new URL('./engine/worker.ts', import.meta.url), { type: 'module' }),
  comparing: () =>
    new Worker(new URL('./engine/comparing-worker.ts', import.meta.url), { type: 'module' }),
});
app.provide(services);
mirror(app, document.documentElement);

const shell = Object.assign(document.createElement('trial-app'), { app });
document.body.append(shell);

// Whoever reaches for a card will run it, and so will who reads on: laboratory and panels are
// fetched meanwhile.
let isFetched = false;
for (const kind of ['pointermove', 'keydown', 'touchstart'] as const) {
  addEventListener(kind, fetchRest, { once: true, passive: true });
}
const asksForRun = location.search !== '' || location.hash !== '';
if (asksForRun) fetchRest();
else setTimeout(fetchIdly, IDLE_AFTER_MS);

function fetchIdly(): void {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  if (connection?.saveData === true) return;
  // Not every browser tells when it is idle.
  if ('requestIdleCallback' in window) requestIdleCallback(fetchRest);
  else fetchRest();
}

function fetchRest(): void {
  if (isFetched) return;
  isFetched = true;
  services.warm();
  // Whoever asks for a run is told when the panels cannot be had.
  import('./panels/run-screen.ts').catch(() => undefined);
}
void new Address(app, services, allScenarios).begin();
