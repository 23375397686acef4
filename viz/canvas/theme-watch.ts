/** Tells when the colours of the page may have changed: its theme, the system's, its contrast. */

const listeners = new Set<() => void>();
let watching = false;

/** @returns ends the watch. */
export function onThemeChange(listener: () => void): () => void {
  if (!watching) watch();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function watch(): void {
  watching = true;
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)']) {
    matchMedia(query).addEventListener('change', tell);
  }
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
}
