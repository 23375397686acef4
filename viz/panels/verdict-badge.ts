/** A verdict as icon, word and, when it is bad, hatching: never by colour alone. */
import { css, html, type TemplateResult } from 'lit';
import type { VerdictKind } from '../../sim/check/verdict.ts';
import { VERDICT_WORDS } from '../app/words.ts';
import { type Glyph, glyph } from './icons.ts';

const ICONS: Readonly<Record<VerdictKind, Glyph>> = {
  holds: 'check',
  allowed: 'tilde',
  violated: 'cross',
  unknown: 'question',
};

export function verdictBadge(kind: VerdictKind, words = VERDICT_WORDS[kind]): TemplateResult {
  return html`<span class="badge ${kind}">${glyph(ICONS[kind])}<span>${words}</span></span>`;
}

export const badgeStyles = css`
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding: 1px 6px 1px 4px;
    border-radius: var(--radius-s);
    font-size: var(--size-xs);
    font-weight: var(--weight-strong);
    white-space: nowrap;
  }
  .badge svg.glyph {
    width: 13px;
    height: 13px;
    stroke-width: 2;
  }
  .badge.holds {
    color: var(--holds-ink);
    background: var(--holds-wash);
  }
  .badge.allowed {
    color: var(--allowed-ink);
    background: var(--allowed-wash);
  }
  .badge.violated {
    color: var(--violated-ink);
    background-color: var(--violated-wash);
    background-image: repeating-linear-gradient(
      135deg,
      color-mix(in srgb, var(--violated) 22%, transparent) 0 2px,
      transparent 2px 7px
    );
  }
  .badge.unknown {
    color: var(--undecided-ink);
    background: var(--undecided-wash);
  }
`;
