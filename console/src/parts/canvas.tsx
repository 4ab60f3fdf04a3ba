// A graph that lays itself out: boxes with content of the caller's, lines with a label, zoom and pan.

import '@xyflow/react/dist/base.css';
import {
  Background,
  BaseEdge,
  Controls,
  EdgeLabelRenderer,
  getBezierPath,
  Handle,
  Position,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react';
import type { Edge, EdgeProps, Node, NodeProps } from '@xyflow/react';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { common } from '../texts/index.ts';
import { layout } from './layout.ts';
import type { Box, Line } from './layout.ts';

export interface CanvasLine extends Line {
  readonly label?: string;
  readonly isLive?: boolean;
  readonly tone?: 'bad' | 'warn';
}

interface CanvasProps {
  readonly boxes: readonly Box[];
  readonly lines: readonly CanvasLine[];
  readonly direction: 'RIGHT' | 'DOWN';
  readonly label: string;
  readonly height: string;
  readonly draw: (id: string) => ReactNode;
  readonly onChoose?: (id: string) => void;
  /** A line was clicked. */
  readonly onFollow?: (id: string) => void;
}

const Drawing = createContext<{ readonly draw: (id: string) => ReactNode; readonly isDown: boolean }>({
  draw: () => null,
  isDown: false,
});
const nodeTypes = { box: BoxNode };
const edgeTypes = { line: LineEdge };

/** What was laid out on this page is not laid out again. */
const laidOut = new Map<string, Awaited<ReturnType<typeof layout>>>();

export function Canvas({ boxes, lines, direction, label, height, draw, onChoose, onFollow }: CanvasProps) {
  const shape = JSON.stringify([
    boxes.map(({ id, width, height: tall, layer }) => [id, width, tall, layer]),
    lines.map(({ id }) => id),
    direction,
  ]);
  const [places, setPlaces] = useState<Awaited<ReturnType<typeof layout>>>(new Map());
  useEffect(() => {
    let isCurrent = true;
    const known = laidOut.get(shape);
    if (known) setPlaces(known);
    else
      void layout(boxes, lines, direction).then((found) => {
        laidOut.set(shape, found);
        if (isCurrent) setPlaces(found);
      });
    return () => {
      isCurrent = false;
    };
    // Only another shape is laid out anew: figures change all the time.
  }, [shape]);
  const nodes = useMemo<Node[]>(
    () =>
      boxes.flatMap(({ id, width, height: tall }) => {
        const position = places.get(id);
        return position
          ? [{ id, type: 'box', position, data: {}, width, height: tall, draggable: false, connectable: false }]
          : [];
      }),
    [shape, places],
  );
  const edges: Edge[] = lines.map(({ id, source, target, ...data }) => ({
    id,
    source,
    target,
    type: 'line',
    data,
    focusable: false,
  }));
  const drawing = { draw, isDown: direction === 'DOWN' };
  return (
    <Drawing.Provider value={drawing}>
      <div className={onFollow ? 'canvas follows' : 'canvas'} style={{ height }} role="region" aria-label={label}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodeClick={(_event, { id }) => onChoose?.(id)}
          {...(onFollow ? { onEdgeClick: (_event: unknown, { id }: Edge) => onFollow(id) } : {})}
          nodesFocusable={false}
          minZoom={0.25}
          maxZoom={1.4}
          preventScrolling={false}
          zoomOnScroll={false}
          panOnScroll={false}
        >
          <Background gap={22} size={1} color="var(--line-strong)" />
          <Controls showInteractive={false} orientation="horizontal" />
          <Fit places={places} />
        </ReactFlow>
        {places.size === 0 && <p className="canvas-wait dim">{common.loading}</p>}
      </div>
    </Drawing.Provider>
  );
}

/** Below there are the buttons. */
const padding = { top: '3%', right: '3%', bottom: '52px', left: '3%' } as const;

/** Shows all of it whenever it was laid out. */
function Fit({ places }: { readonly places: ReadonlyMap<string, unknown> }) {
  const { fitView } = useReactFlow();
  useEffect(() => {
    if (places.size > 0) requestAnimationFrame(() => void fitView({ padding, maxZoom: 1.1 }));
  }, [places, fitView]);
  return null;
}

function BoxNode({ id }: NodeProps) {
  const { draw, isDown } = useContext(Drawing);
  return (
    <>
      <Handle type="target" position={isDown ? Position.Top : Position.Left} className="port" />
      {draw(id)}
      <Handle type="source" position={isDown ? Position.Bottom : Position.Right} className="port" />
    </>
  );
}

function LineEdge(props: EdgeProps) {
  const { data, ...ends } = props;
  const { label, isLive, tone } = (data ?? {}) as Omit<CanvasLine, keyof Line>;
  const [path, x, y] = getBezierPath(ends);
  return (
    <>
      <BaseEdge path={path} className={`edge${isLive ? ' live' : ''}${tone ? ` ${tone}` : ''}`} />
      {label && (
        <EdgeLabelRenderer>
          <span
            className={`edge-label num${tone ? ` ${tone}` : ''}`}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
