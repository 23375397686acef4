/** Everything that can be named: the stories of today's Kafka, and those of historic rules. */
import type { ScenarioInput } from '../sim/scenario/schema.ts';
import { scenarios } from './index.ts';
import { zoo } from './zoo/index.ts';

export const allScenarios: readonly ScenarioInput[] = [...scenarios, ...zoo];
