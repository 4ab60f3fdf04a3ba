// The xlsx format: the rows of one sheet of a workbook.

import { defineFormat, field } from '@mortise/sdk';

const column = field.text({ doc: 'The name of a column.' });

export default defineFormat({
  name: 'xlsx',
  doc: 'Workbooks of spreadsheets (Office Open XML): the rows of a sheet are records.',
  contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  records: 'many',
  options: {
    sheet: field.text({
      doc: 'The name of the sheet; the one at "sheetIndex" where absent, and written as Sheet1.',
      optional: true,
    }),
    sheetIndex: field.integer({ doc: 'Which sheet is read, from 1.', default: 1, minimum: 1, maximum: 10_000 }),
    header: field.boolean({
      doc: 'Whether the first row that is not empty names the columns, so that records are objects; else they are arrays.',
      default: true,
    }),
    range: field.text({
      doc: 'The cells that are read: from, to; to may be a column alone.',
      optional: true,
      example: 'B3:F',
      pattern: /^[A-Z]{1,3}[1-9][0-9]{0,6}:[A-Z]{1,3}([1-9][0-9]{0,6})?$/,
      expected: 'a range of cells such as B3:F or B3:F20',
    }),
    numbers: field.list(column, { doc: 'Columns whose texts are written as numbers.', default: [] }),
    dates: field.list(column, { doc: 'Columns whose ISO dates and times are written as dates.', default: [] }),
    fileBytesMax: field.size({ doc: 'How long a file may be.', default: '100MiB' }),
    partBytesMax: field.size({
      doc: 'How long the texts, the styles and the list of sheets may each be, expanded.',
      default: '128MiB',
    }),
    bytesMax: field.size({ doc: 'How many bytes a file may expand to.', default: '4GiB' }),
    ratioMax: field.integer({
      doc: 'How many bytes may come of one byte, on average, beyond the first mebibyte.',
      default: 200,
      minimum: 1,
      maximum: 1100,
    }),
  },
});
