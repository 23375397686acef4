import { judgeZoo } from '../support/zoo-runs.ts';

judgeZoo([2, 3]);
