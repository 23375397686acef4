/**
 * The page begins here: one store, the engine behind it, the shell on screen, then whatever the
 * address asks for. The panels of a run and the laboratory are fetched when a run is asked for.
 */
import { scenarios } from '../scenarios/index.ts';
import { AppStore } from './app/store.ts';
import { Address } from './engine/address.ts';
import { mirror } from './engine/mirror.ts';
import { LabServices } from './engine/services.ts';
import './panels/app-shell.ts';

const app = new AppStore();
const services = new LabServices(
  app,
  () => new Worker(new URL('./engine/worker.ts', import.meta.url), { type: 'module' }),
);
app.provide(services);
mirror(app, document.documentElement);

const shell = Object.assign(document.createElement('trial-app'), { app });
document.body.append(shell);

// Whoever reaches for a card will run it: laboratory and panels are fetched meanwhile.
for (const kind of ['pointermove', 'keydown', 'touchstart'] as const) {
  addEventListener(kind, reachedFor, { once: true, passive: true });
}
function reachedFor(): void {
  services.warm();
  void import('./panels/run-screen.ts');
}
void new Address(app, services, scenarios).begin();
