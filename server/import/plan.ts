import { idOf, timeOf } from "../new-id.ts";

interface Place {
  /** Milliseconds since 1970 UTC. */
  at: number;
  parent: string | null;
  id: string | null;
}

/**
 * The ids of the comments of an export, and whom each answers. The same source and date always give the same id, so
 * that a second import adds nothing. A reply's id is later than its parent's, as reading in order relies on: where the
 * dates say otherwise the id's time moves, never the date shown.
 */
export class Plan {
  private readonly places = new Map<string, Place>();

  /** False when this comment is there already. All are added before any is asked for. */
  add(key: string, at: number, parent: string | null): boolean {
    if (this.places.has(key)) return false;
    this.places.set(key, { at, parent, id: null });
    return true;
  }

  idOf(key: string): string {
    return this.settle(key).id!;
  }

  /** Null at top level, and where the parent was not taken or a comment answers, step by step, itself. */
  parentOf(key: string): string | null {
    return this.settle(key).parent;
  }

  private settle(key: string): Place {
    const line = new Map<string, Place>();
    let next: string | null = key;
    while (next !== null && this.places.get(next)!.id === null) {
      const place: Place = this.places.get(next)!;
      line.set(next, place);
      if (place.parent !== null && (!this.places.has(place.parent) || line.has(place.parent))) place.parent = null;
      next = place.parent;
    }
    for (const [own, place] of [...line].reverse()) {
      const above = place.parent === null ? "" : this.places.get(place.parent)!.id!;
      const id = idOf(place.at, own);
      place.id = id > above ? id : idOf(timeOf(above) + 1, own);
    }
    return this.places.get(key)!;
  }
}
