/** `<trial-small-dialogs>`: go to a place, name a mark. */
import { css, html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import { parsePlace } from '../app/place.ts';
import type { AppState } from '../app/state.ts';
import { controls } from './controls.ts';
import { dialog, dialogStyles } from './dialog.ts';
import { differs, Panel } from './element.ts';

class SmallDialogs extends Panel {
  static override styles = [
    controls,
    dialogStyles,
    css`
      form {
        display: flex;
        gap: var(--space-2);
      }
      input {
        flex: 1;
        min-width: 0;
      }
      .problem {
        margin: var(--space-2) 0 0;
        color: var(--violated-ink);
        font-size: var(--size-s);
      }
      .hint {
        margin: var(--space-2) 0 0;
        color: var(--text-2);
        font-size: var(--size-s);
      }
    `,
  ];

  private problem = '';

  protected override shows(state: AppState, before: AppState): boolean {
    if (state.overlay !== before.overlay) this.problem = '';
    return differs(state, before, 'overlay');
  }

  protected override render(): TemplateResult {
    const { overlay, position } = this.app.state;
    if (overlay === 'goto') {
      return this.ask('Go to', {
        label: 'Event number or time',
        placeholder: '18442, 12.8s, 350ms',
        hint: 'Times count from the end of the warm-up; the last event at or before it is taken.',
        button: 'Go',
        take: (text) => this.goTo(text),
      });
    }
    if (overlay === 'mark') {
      return this.ask(`Mark event ${count(position)}`, {
        label: 'Name of the mark',
        placeholder: 'the leader loses power',
        hint: 'Marks are shown on the lanes and found in the command palette.',
        button: 'Mark',
        take: (text) => this.mark(text),
      });
    }
    return html``;
  }

  private ask(
    title: string,
    parts: {
      readonly label: string;
      readonly placeholder: string;
      readonly hint: string;
      readonly button: string;
      readonly take: (text: string) => void;
    },
  ): TemplateResult {
    const sent = (event: SubmitEvent): void => {
      event.preventDefault();
      const field = this.renderRoot.querySelector('input');
      if (field !== null) parts.take(field.value);
    };
    return dialog(
      { title, close: () => this.close() },
      html`<div class="content">
        <form @submit=${sent}>
          <input
            aria-label=${parts.label}
            placeholder=${parts.placeholder}
            autofocus
            spellcheck="false"
            autocomplete="off"
          />
          <button class="primary">${parts.button}</button>
        </form>
        ${this.problem === '' ? null : html`<p class="problem" role="alert">${this.problem}</p>`}
        <p class="hint">${parts.hint}</p>
      </div>`,
    );
  }

  private goTo(text: string): void {
    const { slot } = this.app;
    if (slot === null) return;
    const place = parsePlace(text, slot.store);
    if ('problem' in place) {
      this.problem = place.problem;
      this.requestUpdate();
      return;
    }
    this.close();
    this.app.goTo(place.event);
  }

  private mark(name: string): void {
    const { position } = this.app.state;
    this.close();
    this.app.update((draft) => {
      draft.marks = draft.marks.filter((one) => one.event !== position);
      draft.marks.push({ event: position, name: name.trim() });
    });
    this.app.say(`event ${position} marked ${name}`);
  }

  private close(): void {
    this.app.update((draft) => {
      draft.overlay = 'none';
    });
  }
}

customElements.define('trial-small-dialogs', SmallDialogs);
