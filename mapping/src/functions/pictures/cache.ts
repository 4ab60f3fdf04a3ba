// Pictures are read once: most expressions use the same few again and again.

/** So many pictures are kept; then all are forgotten. */
const picturesMax = 500;

/** A function of a text that remembers what it gave. */
export function cached<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = read(text);
    if (known.size >= picturesMax) known.clear();
    known.set(text, made);
    return made;
  };
}
