// An address that leads nowhere.

import { Link } from '@tanstack/react-router';
import { Empty } from '../parts/parts.tsx';
import { problem } from '../texts/index.ts';

export function NotFound() {
  return (
    <Empty title={problem.page} text={problem.pageText}>
      <Link to="/">{problem.home}</Link>
    </Empty>
  );
}
