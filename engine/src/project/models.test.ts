// Models: names and versions from files, references by name, faults as pointers, and schemas that are none.

import { describe, expect, it } from 'vitest';
import { found, load, only } from './project.fixture.ts';
import type { Files } from './project.fixture.ts';

const loadModels = async (files: Files) =>
  load({
    'mortise.yaml': 'name: x\n',
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`models/${name}`, text])),
  });

const order = {
  type: 'object',
  properties: {
    id: { type: 'string', minLength: 1 },
    date: { type: 'string', format: 'date' },
    total: { type: 'string', pattern: '^[0-9]+[.][0-9]{2}$' },
    state: { enum: ['open', 'done'] },
    kind: { const: 'order' },
    lines: { type: 'array', items: { type: 'object', required: ['sku'] } },
  },
  required: ['id'],
  additionalProperties: false,
  'x-owner': 'sales',
};

describe('a model', () => {
  it('has its name and version from its file', async () => {
    const { definitions } = await loadModels({
      'order.schema.json': '{}',
      'order@2.schema.json': '{}',
      'ship-to@10.schema.json': '{}',
    });
    expect([...definitions.models.keys()].sort()).toEqual(['order@1', 'order@2', 'ship-to@10']);
    expect(definitions.models.get('order@2')).toMatchObject({ name: 'order@2', file: 'models/order@2.schema.json', schema: {} });
  });

  it('says in what a value does not fit it, as JSON pointers', async () => {
    const { definitions } = await loadModels({ 'order.schema.json': JSON.stringify(order) });
    const check = definitions.models.get('order@1')?.check;
    expect(
      check?.({ id: '4711', date: '2026-11-23', total: '99.90', state: 'open', kind: 'order', lines: [{ sku: 'a' }] }),
    ).toBeUndefined();
    expect(check?.({ date: '23.11.2026', total: '99', state: 'lost', kind: 'x', lines: [{}], 'a/b': 1 })).toEqual([
      { path: '', message: "must have required property 'id'" },
      { path: '', message: 'must not have the property "a/b"' },
      { path: '/date', message: 'must match format "date"' },
      { path: '/total', message: 'must match pattern "^[0-9]+[.][0-9]{2}$"' },
      { path: '/state', message: 'must be one of ["open","done"]' },
      { path: '/kind', message: 'must be "order"' },
      { path: '/lines/0', message: "must have required property 'sku'" },
    ]);
    expect(check?.('text')).toEqual([{ path: '', message: 'must be object' }]);
  });

  it('tells ten faults at most, and of a large value the first', async () => {
    const { definitions } = await loadModels({ 'order.schema.json': JSON.stringify(order) });
    const check = definitions.models.get('order@1')?.check;
    expect(check?.({ id: 'x', lines: Array.from({ length: 100 }, () => ({})) })).toHaveLength(10);
    expect(check?.({ id: 'x', lines: Array.from({ length: 100_000 }, () => ({})) })).toEqual([
      { path: '/lines/0', message: "must have required property 'sku'" },
    ]);
  });

  it('takes a hostile text without delay, and tells of it in brief', async () => {
    const schema = { properties: { site: { format: 'url' }, mail: { format: 'email' } }, additionalProperties: false };
    const { definitions } = await loadModels({ 'a.schema.json': JSON.stringify(schema) });
    const check = definitions.models.get('a@1')?.check;
    const long = 'http://a@'.repeat(100_000);
    expect(check?.({ site: `${long} ` })).toBeUndefined();
    expect(check?.({ mail: `${long} ` })).toEqual([{ path: '/mail', message: 'must match format "email"' }]);
    expect(JSON.stringify(check?.({ [long]: 1 })).length).toBeLessThan(300);
  });

  it('looks at own properties only', async () => {
    const { definitions } = await loadModels({ 'a.schema.json': '{ "required": ["toString", "__proto__"] }' });
    expect(definitions.models.get('a@1')?.check({})).toHaveLength(2);
    expect(definitions.models.get('a@1')?.check(JSON.parse('{ "toString": 1, "__proto__": 2 }'))).toBeUndefined();
  });

  it('may refer to others by name, to parts of them, and to itself, whatever it calls itself', async () => {
    const { problems, definitions } = await loadModels({
      'order.schema.json':
        '{ "$id": "https://acme.example/order", "properties": { "shipTo": { "$ref": "address@2" }, "zip": { "$ref": "address@2#/$defs/zip" }, "parent": { "$ref": "#" } } }',
      'address@2.schema.json':
        '{ "$id": "https://acme.example/address", "required": ["zip"], "properties": { "zip": { "$ref": "#/$defs/zip" } }, "$defs": { "zip": { "type": "string" } } }',
    });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const check = definitions.models.get('order@1')?.check;
    expect(check?.({ shipTo: { zip: '1' }, zip: '1', parent: { zip: '2' } })).toBeUndefined();
    expect(check?.({ shipTo: {}, zip: 1, parent: { zip: 3 } })?.map(({ path }) => path)).toEqual([
      '/shipTo',
      '/zip',
      '/parent/zip',
    ]);
  });
});

describe('what is no model', () => {
  it.each([
    ['no JSON', '{\n  "type": "object",\n  "properties": {,}\n}\n', '3:18 MORTISE_PROJECT_MODEL'],
    ['half of JSON', '{ "type": "object"', '1:19 MORTISE_PROJECT_MODEL'],
    ['a list', '[]', '1:1 MORTISE_PROJECT_MODEL'],
    ['a wrong keyword', '{\n  "type": "objekt"\n}\n', '2:11 MORTISE_PROJECT_MODEL'],
    ['a wrong keyword within', '{ "properties": {\n  "a": { "minLength": "one" } } }\n', '2:23 MORTISE_PROJECT_MODEL'],
    ['an older dialect', '{ "$schema": "http://json-schema.org/draft-07/schema#" }', '1:14 MORTISE_PROJECT_MODEL'],
    ['a pattern that is none', '{ "pattern": "(" }', '1:14 MORTISE_PROJECT_MODEL'],
    ['a reference to nothing', '{ "properties": { "a": { "$ref": "addres@1" } } }', '1:34 MORTISE_PROJECT_MODEL'],
    ['an anchor that is none', '{ "x": { "$anchor": "#" } }', '1:1 MORTISE_PROJECT_MODEL'],
    ['a reference to itself', '{ "$ref": "#" }', '1:11 MORTISE_PROJECT_MODEL'],
    [
      'a reference that comes back to itself',
      '{ "anyOf": [\n  { "type": "string" }, { "$ref": "#/$defs/b" } ],\n  "$defs": { "b": { "$ref": "a@1" } } }',
      '2:35 MORTISE_PROJECT_MODEL',
    ],
    ['a reference to no part', '{ "$ref": "#/$defs/a" }', '1:11 MORTISE_PROJECT_MODEL'],
  ])('%s', async (_what, text, expected) => {
    const project = await loadModels({ 'a.schema.json': text, 'address.schema.json': '{}' });
    const errors = project.problems.filter(({ severity }) => severity === 'error');
    expect(found({ problems: errors })).toEqual([`models/a.schema.json:${expected}`]);
    expect(project.definitions.models.get('a@1')?.check(1)).toBeUndefined();
  });

  it('names the nearest model that a reference may mean', async () => {
    const project = await loadModels({ 'a.schema.json': '{ "$ref": "addres@1" }', 'address.schema.json': '{}' });
    expect(only(project, 'models/a.schema.json')).toMatchObject({ remedy: 'Did you mean "address@1"?' });
  });

  it.each(['Order.schema.json', 'order@0.schema.json', 'order@v2.schema.json', 'order@1.2.schema.json'])(
    'a file called %s',
    async (name) => {
      expect(found(await loadModels({ [name]: '{}' }))).toEqual([`models/${name}:1:1 MORTISE_PROJECT_NAME`]);
    },
  );

  it('the same version twice', async () => {
    const project = await loadModels({ 'order.schema.json': '{}', 'order@1.schema.json': '{}' });
    expect(found(project)).toContain('models/order@1.schema.json:1:1 MORTISE_PROJECT_NAME_TAKEN');
  });
});
