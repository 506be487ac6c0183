/**
 * A map that forgets what was longest not set, so that whoever makes up keys fills no memory. It remembers `least` at
 * least and twice as many at most, in two generations: when the young one is full it becomes the old one, and the old
 * one goes. (Taking the first key of one ordered Map instead walks over all that was deleted before it.)
 */
export class Recent<Value> {
  readonly #least: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  constructor(least: number) {
    this.#least = least;
  }

  get(key: string): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: string, value: Value): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#least) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
