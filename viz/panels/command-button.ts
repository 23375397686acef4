/** A button for a command of the table: its words and key are its tooltip. */
import { html, nothing, type TemplateResult } from 'lit';
import { commandOf, runCommand } from '../app/commands.ts';
import { chordWords } from '../app/key-bindings.ts';
import type { AppStore } from '../app/store.ts';
import { type Glyph, glyph } from './icons.ts';

export interface ButtonLooks {
  readonly icon?: Glyph;
  readonly label?: string;
  readonly look?: string;
  readonly pressed?: boolean;
  readonly words?: string;
}

export function commandButton(app: AppStore, id: string, looks: ButtonLooks): TemplateResult {
  const command = commandOf(id);
  const first = command.keys[0];
  const keys = first === undefined ? '' : ` (${chordWords(first, null).join(' ')})`;
  const words = looks.words ?? command.words;
  const isOff = !(command.available?.(app) ?? true);
  const style = `${looks.look ?? ''} ${looks.label === undefined ? 'icon' : ''}`.trim();
  return html`<button
    class=${style}
    title=${words + keys}
    aria-label=${looks.label === undefined ? words : nothing}
    aria-pressed=${looks.pressed === undefined ? nothing : looks.pressed}
    ?disabled=${isOff}
    data-command=${id}
    @click=${() => runCommand(app, id)}
  >
    ${looks.icon === undefined ? null : glyph(looks.icon)}${
      looks.label === undefined ? null : html`<span>${looks.label}</span>`
    }
  </button>`;
}
