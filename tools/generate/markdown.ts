// Pieces of Markdown that the pages of the reference share.

/** Stands below the title of every generated page. */
export const generatedNote = '<!-- Written by `npm run generate` from the declarations. Change those, not this page. -->';

/** A page: title, note, then its parts, a blank line between any two. */
export function page(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, generatedNote, ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

export function codeList(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ') || 'none';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
