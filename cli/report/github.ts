/**
 * Failures as workflow commands, which GitHub Actions turns into annotations
 * (docs.github.com: Workflow commands for GitHub Actions, "Setting an error message").
 */
import type { Case } from './reporters.ts';

export function githubLines(cases: readonly Case[], suite: string): string[] {
  return cases.flatMap(({ name, failed }) => {
    if (failed === null) return [];
    const command = failed.kind === 'unknown' ? 'warning' : 'error';
    const title = [...new Set([failed.type, name])].join(' · ');
    const message = failed.replay === '' ? failed.message : `${failed.message}\n${failed.replay}`;
    return [`::${command} title=${property(`${suite}: ${title}`)}::${data(message)}`];
  });
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
