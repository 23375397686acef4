/**
 * `<trial-inspect-config>`: the settings that this run was made with, each with the line of
 * Kafka's documentation table, and the scenario itself.
 */
import { html, type TemplateResult } from 'lit';
import { runCommand } from '../app/commands.ts';
import { configDoc, loadConfigDocs } from '../app/config-docs.ts';
import type { AppState } from '../app/state.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { inspectStyles } from './inspect-styles.ts';
import './tree.ts';

interface Group {
  readonly title: string;
  readonly config: Readonly<Record<string, unknown>>;
}

class InspectConfig extends Panel {
  static override styles = [controls, inspectStyles];

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'run');
  }

  protected override firstUpdated(): void {
    void loadConfigDocs().then(() => this.requestUpdate());
  }

  protected override render(): TemplateResult {
    const { slot } = this.app;
    if (slot === null) return html``;
    const scenario = slot.store.identity?.scenario ?? slot.spec.scenario;
    const groups = groupsOf(scenario).filter((one) => Object.keys(one.config).length > 0);
    return html`<section>
        <h3>
          Settings other than Kafka’s defaults
          <button class="framed" @click=${() => runCommand(this.app, 'branch')}>Edit …</button>
        </h3>
        ${groups.length === 0 ? html`<p class="nothing">None.</p>` : groups.map(table)}
      </section>
      <section>
        <h3>The scenario</h3>
        <trial-tree .label=${'Scenario'} .openTo=${1} .data=${scenario}></trial-tree>
      </section>`;
  }
}

function table({ title, config }: Group): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col" colspan="2">${title}</th>
      </tr>
    </thead>
    <tbody>
      ${Object.entries(config).map(
        ([key, value]) => html`<tr>
          <td>
            <span class="mono">${key}</span>
            <div class="faint">${configDoc(key)?.doc ?? ''}</div>
          </td>
          <td class="mono num">${String(value)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

interface Configured {
  readonly cluster: {
    readonly config?: Readonly<Record<string, unknown>>;
    readonly topics?: readonly {
      readonly name: string;
      readonly config?: Readonly<Record<string, unknown>>;
    }[];
  };
  readonly workload?: readonly object[];
}

function groupsOf(scenario: unknown): Group[] {
  const { cluster, workload = [] } = scenario as Configured;
  return [
    { title: 'every broker and controller', config: cluster.config ?? {} },
    ...(cluster.topics ?? []).map((topic) => ({
      title: `topic ${topic.name}`,
      config: topic.config ?? {},
    })),
    ...workload.map((entry) => clientGroup(entry as Readonly<Record<string, unknown>>)),
  ];
}

function clientGroup(entry: Readonly<Record<string, unknown>>): Group {
  const kind = ['producer', 'consumer', 'admin'].find((one) => one in entry) ?? 'client';
  const config = (entry['config'] ?? {}) as Readonly<Record<string, unknown>>;
  return { title: `${kind} ${entry[kind]}`, config };
}

customElements.define('trial-inspect-config', InspectConfig);
