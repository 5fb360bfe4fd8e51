/** Which response is being read: the one under the pointer, else the one that was chosen. */
export class Selection {
  chosen = $state<number | null>(null);
  hovered = $state<number | null>(null);
  readonly current: number | null = $derived(this.hovered ?? this.chosen);

  choose(id: number | null): void {
    this.chosen = id;
    this.hovered = null;
  }
}
