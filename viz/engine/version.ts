/** The version of the engine that this page was built with; links carry it. */
import { version } from '../../package.json' with { type: 'json' };

export const ENGINE_VERSION: string = version;
