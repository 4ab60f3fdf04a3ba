// The icons: strokes on a grid of 16, in the colour of the text around them.

const paths = {
  start: 'M2.5 7.5 8 3l5.5 4.5V13a.5.5 0 0 1-.5.5H9.8v-4H6.2v4H3a.5.5 0 0 1-.5-.5z',
  mesh: 'M3.5 5.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Zm9 0a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4ZM8 14.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4ZM5.2 3.5h5.6M4.4 5l2.7 6M11.6 5 8.9 11',
  messages: 'M2.5 3.5h11v9h-11zM2.5 4l5.5 4.5L13.5 4',
  track: 'M8 14s4.5-4 4.5-7.5a4.5 4.5 0 0 0-9 0C3.500 10 8 14 8 14Zm0-5.800a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400Z',
  failures: 'M8 2.200 14.300 13H1.700zM8 6.300v3M8 11.200v.1',
  alerts: 'M4 11V7a4 4 0 0 1 8 0v4l1.500 1.500h-11zM6.500 14h3',
  balance: 'M8 2.500v11M4.500 13.500h7M3 4.500h10M3 4.500 1.200 9h3.600zM13 4.500 11.200 9h3.600z',
  flows: 'M2 4.500h3.500v3H2zM10.500 8.500H14v3h-3.500zM5.500 6h2c1 0 1 4 2 4h1',
  systems: 'M2.500 2.500h11v4h-11zM2.500 9.500h11v4h-11zM5 4.500h.1M5 11.500h.1',
  models: 'M8 1.800 13.500 5v6L8 14.200 2.500 11V5zM2.700 5.100 8 8.200l5.300-3.100M8 8.200v5.800',
  tables: 'M2.500 3h11v10h-11zM2.500 6.500h11M6.500 6.500V13',
  settings:
    'M3 4.500h6M12 4.500h1M3 11.500h1M7 11.500h6M10.500 6a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3ZM5.500 13a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3Z',
  about: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-6.800V11M8 5v.1',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM10.300 10.300 14 14',
  sun: 'M8 10.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600ZM8 1.500V3M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M3.400 12.600l1-1M11.600 4.400l1-1',
  moon: 'M13.300 9.700A5.800 5.800 0 0 1 6.300 2.700a5.800 5.800 0 1 0 7 7Z',
  out: 'M6.500 2.500h-4v11h4M6 8h8M11 5l3 3-3 3',
  menu: 'M2.500 4.500h11M2.500 8h11M2.500 11.500h11',
  flow: 'M3 8h8M8.500 5 11.500 8l-3 3',
  outbound: 'M3 3.500h5v9H3zM8 8h5.500M11 5.500 13.500 8 11 10.500',
  channel: 'M2 5.500h12M2 10.500h12M4.500 8h7',
  inbound: 'M8 3.500h5v9H8zM2.500 8H8M5.500 5.500 8 8l-2.500 2.500',
  copy: 'M5.500 5.500h7v8h-7zM3.500 10.500v-8h7',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.200 12.500 8 5 12.800z',
  check: 'M3 8.500 6.500 12 13 4.500',
  close: 'M4 4l8 8M12 4l-8 8',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  download: 'M8 2.500v7.500M5 7.500 8 10.500l3-3M3 13.500h10',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.35"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
