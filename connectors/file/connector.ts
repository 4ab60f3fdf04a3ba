// The file connector: folders into which other systems drop files, and from which they take them.

import { defineConnector, defineInbound, defineOutbound, field } from '@mortise/sdk';

/** One name, so that what lies in the folder stays in the folder. */
const folderName = /^(?!\.{1,2}$)[^/\\]+$/;

export default defineConnector({
  name: 'file',
  doc: 'Reads files from a folder and writes files into it: drop folders, network shares, exports.',
  connection: {
    folder: field.path({ doc: 'The folder.', example: '/srv/erp/in' }),
    create: field.boolean({
      doc: 'Whether the folder is made where it is missing. Leave it off for network shares: a share that is not mounted is missing too.',
      default: false,
    }),
  },
  inbounds: {
    read: defineInbound({
      doc: 'Takes each file of the folder once, then moves it away.',
      mode: 'polling',
      gives: 'bytes',
      format: 'binary',
      every: '1s',
      options: {
        pattern: field.text({ doc: 'Which names are taken: a glob.', default: '*', example: 'ORDERS-*.{csv,CSV}' }),
        settle: field.duration({
          doc: 'How long size and time of a file must stay the same before it is taken; 0ms takes it at once.',
          default: '2s',
        }),
        order: field.choice(['name', 'modified'], {
          doc: 'In which order files are taken: by name, or the oldest first.',
          default: 'name',
        }),
        repeat: field.choice(['skip', 'accept'], {
          doc: 'Whether a file with the name and content of an earlier one is skipped, or accepted where its time is another one.',
          default: 'skip',
        }),
        after: field.choice(['keep', 'delete'], {
          doc: 'Whether files that were accepted are kept in the folder done, or deleted.',
          default: 'keep',
        }),
        done: field.text({
          doc: 'The subfolder for files that were accepted.',
          default: '.done',
          pattern: folderName,
          expected: 'the name of one folder, without / and \\',
        }),
        refused: field.text({
          doc: 'The subfolder for files that were refused, each with its reason beside it.',
          default: '.refused',
          pattern: folderName,
          expected: 'the name of one folder, without / and \\',
        }),
        claimed: field.text({
          doc: 'The subfolder for the file that is being read. Where several engines read one folder, each needs one of its own.',
          default: '.claimed',
          pattern: folderName,
          expected: 'the name of one folder, without / and \\',
        }),
      },
    }),
  },
  outbounds: {
    write: defineOutbound({
      doc: 'Writes a file that appears under its name at once and whole.',
      takes: 'bytes',
      format: 'json',
      replies: false,
      repeats: 'safe',
      options: {
        name: field.text({ doc: 'The name of the file.', example: 'PICK-${orderId}.dat' }),
        subfolders: field.boolean({
          doc: 'Whether the name may lead into subfolders, which are made where they are missing.',
          default: false,
        }),
        ifExists: field.choice(['fail', 'wait', 'replace', 'suffix'], {
          doc: 'Where a file with the name but other content is there: refuse for good, try again until it is gone, replace it, or add a suffix made from the delivery id to the name.',
          default: 'fail',
        }),
      },
    }),
  },
});
