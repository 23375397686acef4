/** Who looks at what is sent, frame by frame. */
export interface SentFrame {
  /** `bytes`: not one whole Kafka frame; then key and version are -1. */
  readonly role: 'request' | 'response' | 'bytes';
  readonly apiKey: number;
  readonly apiVersion: number;
  /** As they go out, the size prefix included; not to be written to. */
  readonly bytes: Uint8Array;
}

export type FrameTap = (event: number, frame: SentFrame) => void;
