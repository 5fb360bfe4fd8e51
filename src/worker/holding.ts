interface Item {
  value: unknown;
  bytes: number;
  /** How much of the engine's work needs it now. */
  users: number;
  drop: () => void;
}

/** How something is made, how large it is, and what is to be done when it is dropped. */
export interface Recipe<T> {
  make: () => Promise<T>;
  bytes: (value: T) => number;
  drop?: (value: T) => void;
}

/**
 * Things by name, as many as fit into a number of bytes: what was not used for longest is dropped first. What is in use stays,
 * and may take more than the bound for as long as it is.
 */
export class Holding {
  readonly #bound: number;
  /** In order of their last use. */
  readonly #items = new Map<string, Item>();
  readonly #making = new Map<string, Promise<unknown>>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  get bytes(): number {
    return [...this.#items.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get names(): string[] {
    return [...this.#items.keys()];
  }

  /** What is held under a name, or made now and held from now on. Who asks while it is made waits for the same. */
  get<T>(name: string, recipe: Recipe<T>): Promise<T> {
    return this.using(name, recipe, async (value) => value);
  }

  /** The same, kept for as long as the work takes. */
  async using<T, R>(name: string, recipe: Recipe<T>, work: (value: T) => Promise<R>): Promise<R> {
    const item = await this.#item(name, recipe);
    try {
      return await work(item.value as T);
    } finally {
      item.users -= 1;
      this.#trim();
    }
  }

  has(name: string): boolean {
    return this.#items.has(name);
  }

  /** What is held by names that begin so. */
  under<T>(start: string): T[] {
    return [...this.#items].flatMap(([name, { value }]) => (name.startsWith(start) ? [value as T] : []));
  }

  drop(name: string): void {
    const item = this.#items.get(name);
    this.#items.delete(name);
    item?.drop();
  }

  clear(): void {
    for (const name of this.names) this.drop(name);
  }

  /** The item of a name, with one user more, as the one that was used last. */
  async #item<T>(name: string, { make, bytes, drop = () => {} }: Recipe<T>): Promise<Item> {
    for (;;) {
      const held = this.#items.get(name);
      if (held) {
        held.users += 1;
        this.#items.delete(name);
        this.#items.set(name, held);
        return held;
      }
      const making = this.#making.get(name);
      if (!making) break;
      await making.catch(() => null); // the call that made it was cancelled, which is no matter of this one
    }
    const made = make();
    this.#making.set(name, made);
    try {
      const value = await made;
      const item: Item = { value, bytes: bytes(value), users: 1, drop: () => drop(value) };
      this.#items.set(name, item);
      this.#trim();
      return item;
    } finally {
      this.#making.delete(name);
    }
  }

  #trim(): void {
    let { bytes } = this;
    for (const [name, item] of this.#items) {
      if (bytes <= this.#bound) return;
      if (item.users > 0) continue;
      bytes -= item.bytes;
      this.drop(name);
    }
  }
}
