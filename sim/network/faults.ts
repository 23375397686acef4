/** What network faults are told. Names are node names; a direction is always from → to. */
export type HoldId = number & { readonly brand: 'HoldId' };

/** Which frames a hold stops. Everything behind a held frame on its connection waits too (TCP). */
export interface HoldRule {
  /** Kafka API key; also matches the responses to such requests. Absent: every frame. */
  readonly apiKey?: number;
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  /** Absent: both. */
  readonly direction?: 'request' | 'response';
  /** A look into the frame (size prefix included), such as for one partition. Must not write. */
  readonly matches?: (frame: HeldFrame) => boolean;
}

export interface HeldFrame {
  readonly apiKey: number;
  /** The request's version, also for its response. */
  readonly apiVersion: number;
  readonly direction: 'request' | 'response';
  readonly bytes: Uint8Array;
}

export interface StallSpec {
  readonly forUs: number;
  /** Default: both directions. */
  readonly oneWay?: boolean;
}

export interface DelaySpec {
  /** Added to every one-way latency. 0 ends the fault. */
  readonly addUs: number;
  /** Uniform extra on top, 0 … jitterUs. */
  readonly jitterUs?: number;
  /** Default: both directions. */
  readonly oneWay?: boolean;
}
