/**
 * What a context menu is asked for: dispatched by canvases and lists as a bubbling, composed
 * `trial-context` event, answered by `panels/context-menu.ts` with what can be done to it.
 */

export type ContextTarget =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  /** A `frame.sent` row. */
  | { readonly kind: 'message'; readonly event: number }
  | { readonly kind: 'partition'; readonly partition: string }
  | { readonly kind: 'event'; readonly event: number };

export interface ContextRequest {
  readonly target: ContextTarget;
  /** Client coordinates of the pointer, or of the thing when a key asked. */
  readonly x: number;
  readonly y: number;
}

export const CONTEXT_EVENT = 'trial-context';

export function askForMenu(from: EventTarget, request: ContextRequest): void {
  from.dispatchEvent(
    new CustomEvent<ContextRequest>(CONTEXT_EVENT, {
      detail: request,
      bubbles: true,
      composed: true,
    }),
  );
}
