/** How wide the labels left of time are: `--gutter` of the style sheet, the same on all panels. */

const DEFAULT_PX = 136;

export function gutterOf(element: Element): number {
  const text = getComputedStyle(element).getPropertyValue('--gutter');
  const px = Number.parseFloat(text);
  return Number.isFinite(px) ? px : DEFAULT_PX;
}
