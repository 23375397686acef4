/**
 * The page begins here: one store, the engine behind it, the shell on screen, then whatever the
 * address asks for. The panels of a run and the laboratory are fetched when a run is asked for.
 */
import { AppStore } from './app/store.ts';
import { mirror } from './engine/mirror.ts';
import { LabServices } from './engine/services.ts';

const app = new AppStore();
const services = new LabServices(
  app,
  () => new Worker(new URL('./engine/worker.ts', import.meta.url), { type: 'module' }),
);
app.provide(services);
mirror(app, document.documentElement);
