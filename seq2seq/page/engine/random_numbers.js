/**
 * Uniform random numbers that depend on a seed and the number of a text: those of NumPy's
 * `default_rng([seed, number])`, so a sample is the same here and in Python. The generator is PCG64 (O'Neill 2014); its
 * seed is spread as in NumPy's `SeedSequence`.
 */

const WORD = 0xffffffffn;
const BITS_64 = (1n << 64n) - 1n;
const BITS_128 = (1n << 128n) - 1n;
const MULTIPLIER = (2549297995355413924n << 64n) + 4865540595714422341n;
const POOL = 4;

export class RandomNumbers {
  #state;
  #increment;

  /**
   * @param {bigint | number} seed - any whole number; its lowest 64 bits are used.
   * @param {bigint | number} number - of the text, not negative.
   */
  constructor(seed, number) {
    const words = spread([...wordsOf(BigInt.asUintN(64, BigInt(seed))), ...wordsOf(BigInt(number))], 8);
    const pairs = [0, 2, 4, 6].map((place) => (BigInt(words[place + 1]) << 32n) | BigInt(words[place]));
    this.#increment = ((((pairs[2] << 64n) | pairs[3]) << 1n) | 1n) & BITS_128;
    this.#state = 0n;
    this.#advance();
    this.#state = (this.#state + ((pairs[0] << 64n) | pairs[1])) & BITS_128;
    this.#advance();
  }

  #advance() {
    this.#state = (this.#state * MULTIPLIER + this.#increment) & BITS_128;
  }

  /** Returns a random number in [0, 1). */
  uniform() {
    this.#advance();
    const value = (this.#state >> 64n) ^ (this.#state & BITS_64);
    const turn = this.#state >> 122n;
    const turned = ((value >> turn) | (value << (64n - turn))) & BITS_64;
    return Number(turned >> 11n) / 2 ** 53;
  }
}

/** Returns the 32-bit words of a number, the lowest first. */
function wordsOf(number) {
  const words = [];
  do {
    words.push(Number(number & WORD));
    number >>= 32n;
  } while (number);
  return words;
}

/** Returns the state of NumPy's `SeedSequence` for some words of entropy. */
function spread(entropy, count) {
  let constant = 0x43b0d7e5;
  const hashed = (value) => {
    value = (value ^ constant) >>> 0;
    constant = Math.imul(constant, 0x931e8875) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mixed = (one, other) => {
    const value = (Math.imul(0xca01f9dd, one) - Math.imul(0x4973f715, other)) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const pool = Array.from({ length: POOL }, (_, place) => hashed(entropy[place] ?? 0));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mixed(pool[to], hashed(pool[from]));
  }
  for (const word of entropy.slice(POOL)) {
    for (let to = 0; to < POOL; to++) pool[to] = mixed(pool[to], hashed(word));
  }
  let other = 0x8b51f9dd;
  return Array.from({ length: count }, (_, place) => {
    let value = (pool[place % POOL] ^ other) >>> 0;
    other = Math.imul(other, 0x58f38ded) >>> 0;
    value = Math.imul(value, other) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  });
}
