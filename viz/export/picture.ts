/** Pictures of what is on screen: every drawn panel, one below the other, as SVG or PNG. */

/** A panel that can draw itself for a file, as those of `canvas/` do. */
interface Drawn extends HTMLElement {
  toSvg(): string;
  toPng(ratio?: number): Promise<Blob>;
}

function isDrawn(element: Element): element is Drawn {
  return 'toSvg' in element && 'toPng' in element;
}

/** The drawn panels in sight, from top to bottom. */
export function drawnPanels(root: ParentNode): Drawn[] {
  const found: Drawn[] = [];
  const visit = (parent: ParentNode): void => {
    for (const element of parent.querySelectorAll('*')) {
      if (isDrawn(element) && element.clientHeight > 0) found.push(element);
      else if (element.shadowRoot !== null) visit(element.shadowRoot);
    }
  };
  visit(root);
  return found.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
}

/** One SVG document that holds the panels below each other. */
export function stackedSvg(panels: readonly Drawn[]): string {
  const width = Math.max(...panels.map((one) => one.clientWidth));
  let y = 0;
  const parts = panels.map((one) => {
    const place = y;
    y += one.clientHeight + 1;
    return one
      .toSvg()
      .replace(/^<\?xml[^>]*>\s*/, '')
      .replace('<svg', `<svg y="${place}"`);
  });
  const size = `width="${width}" height="${y}" viewBox="0 0 ${width} ${y}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${parts.join('\n')}\n</svg>\n`;
}

/** Two pixels for each on screen. Rejects when the browser makes no picture. */
export async function stackedPng(panels: readonly Drawn[]): Promise<Blob> {
  const ratio = 2;
  const images = await Promise.all(
    panels.map(async (one) => createImageBitmap(await one.toPng(ratio))),
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(...images.map((one) => one.width));
  canvas.height = images.reduce((total, one) => total + one.height, 0);
  const context = canvas.getContext('2d');
  let y = 0;
  for (const image of images) {
    context?.drawImage(image, 0, y);
    y += image.height;
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('the browser made no picture'));
      else resolve(blob);
    }, 'image/png');
  });
}
