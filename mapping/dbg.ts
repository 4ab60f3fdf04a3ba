import { parse } from './src/parse.ts';
import { Generator } from './src/generate/generator.ts';
import { natives } from './src/functions/natives.ts';
const ast = parse(process.argv[2]!);
console.log(JSON.stringify(ast, null, 1).replace(/\n\s*/g,' '));
console.log(new Generator(natives).generate(ast));
