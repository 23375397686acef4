/**
 * Leader epochs as colours: one hue from old to new, so that "later" is seen without a legend. An
 * epoch keeps its colour for ever: steps get smaller with the number, which is printed as well.
 */
import { interpolateLab, lab } from 'd3';

import type { Colours } from './pen.ts';

export interface EpochColours {
  /** A CSS colour. */
  fill(leaderEpoch: number): string;
  /** For text on it. */
  ink(leaderEpoch: number): string;
}

const DARK_INK = '#10161d';
const LIGHT_INK = '#f6f9fc';

export function epochColours(colours: Colours): EpochColours {
  const mix = interpolateLab(colours.colour('epoch-old'), colours.colour('epoch-new'));
  const fill = (epoch: number) => mix(epoch < 0 ? 0 : epoch / (epoch + 2));
  return {
    fill,
    ink: (epoch) => (lab(fill(epoch)).l > 58 ? DARK_INK : LIGHT_INK),
  };
}
