// The framing that the options name, with what it needs to know of the layout.

import { fixedOffset, hasVariableTable } from './alternatives.ts';
import type { Framing } from './cut-records.ts';
import {
  blockFraming,
  fixedFraming,
  ibmLengths,
  lengthFraming,
  lineFraming,
  measuredFraming,
  microFocusFraming,
} from './framings.ts';
import { everyField, findField } from './layout.ts';
import { RecordBytes } from './leaf.ts';
import { ReadState } from './record-state.ts';
import { fault } from './record-plan.ts';
import type { RecordPlan } from './record-plan.ts';

/** Throws MORTISE_COPYBOOK_LAYOUT where options are missing or do not fit. */
export function framingOf(plan: RecordPlan): Framing {
  const { options, bytesMax, charset } = plan;
  const { recordFormat, recordLength, recordMax, lengths = ibmLengths } = options;
  switch (recordFormat) {
    case 'fixed':
      return fixedFraming(fixedLength(recordLength, bytesMax, options.sizes === 'lenient'));
    case 'v':
      if (lengths.headerBytes < lengths.at + lengths.bytes)
        throw fault('"lengths" has a header that is shorter than the length in it.');
      return lengthFraming(lengths, recordMax);
    case 'vb':
    case 'vbs':
      return blockFraming(recordFormat === 'vbs', recordMax);
    case 'microfocus':
      return microFocusFraming(recordMax);
    case 'lines':
      return lineFraming(charset.isEbcdic, recordMax);
    case 'length-field':
      return lengthFieldFraming(plan);
    default:
      return contentFraming(plan);
  }
}

function fixedLength(recordLength: number | undefined, bytesMax: number, isLenient: boolean): number {
  const length = recordLength ?? bytesMax;
  if (length < bytesMax && !isLenient)
    throw fault(`A record has ${length} bytes by "recordLength", and the copybook has ${bytesMax}.`);
  if (length === 0) throw fault('The record of the copybook has no bytes.');
  return length;
}

function lengthFieldFraming(plan: RecordPlan): Framing {
  const { options, records, leafOf, slides, charset } = plan;
  const name = options.lengthField;
  if (name === undefined) throw fault('"recordFormat: length-field" needs "lengthField".');
  const found = records.flatMap((record) => findField([...everyField(record)], { name, within: [] }) ?? [])[0];
  if (!found?.storage) throw fault(`"lengthField" names "${name}", which is no field.`);
  const [leaf, at, adjust] = [leafOf(found), fixedOffset(found, slides), options.lengths?.adjust ?? 0];
  const bytesMin = at + leaf.bytes;
  return measuredFraming(bytesMin, options.recordMax, (bytes) => {
    const value = leaf.read(RecordBytes.of(bytes.subarray(0, bytesMin), charset), at);
    return typeof value === 'number' && value + adjust >= bytesMin ? value + adjust : undefined;
  });
}

/** A record is as long as its fields, once it can be read. */
function contentFraming(plan: RecordPlan): Framing {
  const { records, charset, root, bytesMax, options } = plan;
  const [record] = records;
  if (records.length > 1 || !record) throw fault('"recordFormat: content" needs a copybook of one record.');
  if (!hasVariableTable(record)) return fixedFraming(Math.max(1, bytesMax));
  const state = new ReadState(charset, false);
  return measuredFraming(1, options.recordMax, (bytes) => {
    state.begin(bytes.subarray(0, bytesMax));
    return root.read(state, {}) ? state.at : undefined;
  });
}
