/** Every number of the simulated network. Times are integer µs, sizes bytes. */
export interface NetworkSettings {
  /** One-way latency: 16 equally likely integer quantiles, ascending; drawn per send. */
  readonly latencyUs: readonly number[];
  /** One send in `tailOneIn` gets a draw from `tailLatencyUs` (same form) instead; 0 = never. */
  readonly tailOneIn: number;
  readonly tailLatencyUs: readonly number[];
  /** Of one direction between two nodes, shared by their connections. */
  readonly bytesPerSecond: number;
  /** About one send in `splitOneIn` arrives in two pieces; 0 = never. */
  readonly splitOneIn: number;
  /** About one send in `mergeOneIn` is glued to the bytes still under way before it; 0 = never. */
  readonly mergeOneIn: number;
  /** Unread bytes of one connection that a receiver's kernel takes before the sender must wait. */
  readonly receiveWindowBytes: number;
  /** A lost SYN is sent again after 1, 2, 4, … times this. */
  readonly synRetryUs: number;
  /** SYNs in all, before a connect fails as `unreachable`. */
  readonly synTries: number;
}

/** A quiet data-centre LAN: 100–400 µs one way, rarely a few ms, 10 Gbit/s. */
export const lan: NetworkSettings = {
  latencyUs: [100, 110, 118, 125, 132, 138, 145, 152, 160, 170, 182, 198, 220, 255, 310, 400],
  tailOneIn: 256,
  tailLatencyUs: [
    450, 500, 550, 600, 680, 760, 850, 950, 1_100, 1_300, 1_500, 1_800, 2_300, 3_000, 4_200, 6_000,
  ],
  bytesPerSecond: 1_250_000_000,
  splitOneIn: 64,
  mergeOneIn: 64,
  receiveWindowBytes: 4_194_304,
  synRetryUs: 1_000_000,
  synTries: 7,
};
