/** The files that go with what is being written. */
import { files, type FileEntry } from '#api/files.svelte.ts';
import type { Composer } from './composer.svelte.ts';

export class FilesOfComposer {
  drawing = $state.raw<FileEntry | null>(null);
  readonly #composer: Composer;

  constructor(composer: Composer) {
    this.#composer = composer;
  }

  async add(picked: readonly File[], derivedFrom: string | null = null): Promise<void> {
    for (const file of picked) {
      const id = await files.add({ patientId: this.#composer.patientId }, file, derivedFrom);
      this.#composer.files = [...this.#composer.files, id];
    }
  }

  remove(id: string): void {
    this.#composer.files = this.#composer.files.filter((other) => other !== id);
    void files.discard(id);
  }
}
