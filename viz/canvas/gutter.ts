/** The column of names left of time and offsets, as wide as the style sheet says. */

const DEFAULT_PX = 136;

/** `--gutter` of the style sheet, the same on all panels. */
export function gutterOf(element: Element): number {
  const text = getComputedStyle(element).getPropertyValue('--gutter');
  const px = Number.parseFloat(text);
  return Number.isFinite(px) ? px : DEFAULT_PX;
}
