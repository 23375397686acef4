/**
 * Sets style properties through the CSSOM. A style attribute in markup would be refused by the
 * page's Content-Security-Policy.
 */
import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

type Values = Readonly<Record<string, string | number>>;

class SetStyle extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('vars() belongs into an element');
  }

  render(_values: Values): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Values]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) style.setProperty(name, String(value));
    return noChange;
  }
}

/** `<div ${vars({ '--x': '4px', width: '20%' })}>` */
export const vars = directive(SetStyle);
