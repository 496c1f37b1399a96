/** Short names for the published types. */
import type { components } from '#api/schema.gen.ts';

type Schemas = components['schemas'];

export type Fact = Schemas['FactView'];
export type FactList = Schemas['FactListView'];
export type FactVersion = Schemas['FactVersionView'];
export type CreateFact = Schemas['CreateFact'];
export type ChangeFact = Schemas['ChangeFact'];
export type Value = Record<string, unknown>;
