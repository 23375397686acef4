declare module 'seedrandom/lib/xor128.js' {
  import type seedrandom from 'seedrandom';

  const xor128: typeof seedrandom.xor128;
  export default xor128;
}
